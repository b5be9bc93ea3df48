package org.apache.kafka.coordinator.group;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorTimer;
import org.apache.kafka.coordinator.common.runtime.KRaftCoordinatorMetadataDelta;
import org.apache.kafka.coordinator.common.runtime.KRaftCoordinatorMetadataImage;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetricsShard;
import org.apache.kafka.coordinator.group.modern.Assignment;
import org.apache.kafka.coordinator.group.modern.share.ShareGroup;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupMember;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.timeline.SnapshotRegistry;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import sharelock.oracle.J;
import sharelock.oracle.R;
import sharelock.oracle.Step;
import sharelock.oracle.Stubs;
import sharelock.oracle.TopicChanges;
import sharelock.oracle.VirtualTime;

/**
 * The share-group part of the real GroupMetadataManager and GroupCoordinatorShard with the real SimpleAssignor, over an
 * in-memory log, on virtual time.
 */
public final class ShareGroupWorld {
    private static final GroupCoordinatorRecordSerde SERDE = new GroupCoordinatorRecordSerde();

    private static final GroupCoordinatorMetricsShard METRICS = Stubs.inert(GroupCoordinatorMetricsShard.class);
    private static final Object EXECUTOR = Stubs.inert(CoordinatorExecutor.class);
    private static final GroupConfigManager GROUP_CONFIG = Stubs.inert(GroupConfigManager.class);
    private static final OffsetMetadataManager OFFSETS = Stubs.inert(OffsetMetadataManager.class);

    /** One record of the log: as bytes, if it goes through the serialiser. */
    private record Rec(CoordinatorRecord record, byte[] key, byte[] value) {
        CoordinatorRecord decoded() {
            return record != null ? record : SERDE.deserialize(ByteBuffer.wrap(key), value == null ? null : ByteBuffer.wrap(value));
        }
    }

    private record Timeout(long at, Object operation) { }

    private final Map<String, Uuid> idOf = new TreeMap<>();
    private final Map<Uuid, String> nameOf = new HashMap<>();
    private final Map<String, Object> config = new HashMap<>();
    private final List<Rec> log = new ArrayList<>();
    private TreeMap<String, Timeout> timers = new TreeMap<>();
    private MetadataImage image;
    private final VirtualTime time;
    private final Object timer = Stubs.of(CoordinatorTimer.class, this::timer);
    private final AuthorizableRequestContext context = Stubs.of(AuthorizableRequestContext.class, (method, arguments) -> switch (method) {
        case "clientId" -> clientId();
        case "clientAddress" -> InetAddress.getLoopbackAddress();
        default -> null;
    });
    private GroupMetadataManager manager;
    private GroupCoordinatorShard shard;
    private List<Object> records = new ArrayList<>();
    private List<Object> events = new ArrayList<>();
    private String clientId;
    /** Nothing is told, and records are kept as they are: only the classes are to work. */
    private boolean quiet;

    public ShareGroupWorld(JsonNode q) {
        time = new VirtualTime(J.l(q, "now", 0));
        q.get("topicIds").fields().forEachRemaining(e -> {
            idOf.put(e.getKey(), J.uuid(e.getValue().asText()));
            nameOf.put(J.uuid(e.getValue().asText()), e.getKey());
        });
        if (q.hasNonNull("config")) q.get("config").fields().forEachRemaining(e -> config.put(e.getKey(), e.getValue().asText()));
        start();
        metadata(q.get("metadata"));
    }

    private String clientId() {
        return clientId;
    }

    private Object timer(String method, Object[] a) {
        switch (method) {
            case "schedule":
                timers.put((String) a[0], new Timeout(time.now + ((TimeUnit) a[2]).toMillis((Long) a[1]), a[a.length - 1]));
                return null;
            case "scheduleIfAbsent":
                timers.putIfAbsent((String) a[0], new Timeout(time.now + ((TimeUnit) a[2]).toMillis((Long) a[1]), a[a.length - 1]));
                return null;
            case "cancel":
                timers.remove((String) a[0]);
                return null;
            case "isScheduled":
                return timers.containsKey((String) a[0]);
            default:
                throw new UnsupportedOperationException(method);
        }
    }

    private void start() {
        timers = new TreeMap<>();
        Object logContext = R.make(R.cls("org.apache.kafka.common.utils.LogContext", "org.apache.kafka.common.utils.internals.LogContext"));
        GroupCoordinatorConfig cfg = new GroupCoordinatorConfig(new AbstractConfig(GroupCoordinatorConfig.CONFIG_DEF, config, false));
        GroupMetadataManager.Builder b = new GroupMetadataManager.Builder();
        R.call(b, "withLogContext", logContext);
        R.call(b, "withSnapshotRegistry", R.make(SnapshotRegistry.class, logContext));
        R.call(b, "withTime", time);
        R.call(b, "withTimer", timer);
        R.call(b, "withExecutor", EXECUTOR);
        R.call(b, "withConfig", cfg);
        R.call(b, "withGroupConfigManager", GROUP_CONFIG);
        R.call(b, "withGroupCoordinatorMetricsShard", METRICS);
        manager = (GroupMetadataManager) R.call(b, "build");
        shard = (GroupCoordinatorShard) R.make(GroupCoordinatorShard.class, logContext, manager,
            OFFSETS, time, timer, cfg, null, METRICS);
    }

    // ---------------------------------------------------------------- log

    private void append(List<CoordinatorRecord> rs) {
        for (CoordinatorRecord r : rs) {
            log.add(quiet ? new Rec(r, null, null) : new Rec(null, SERDE.serializeKey(r), SERDE.serializeValue(r)));
            shard.replay(log.size() - 1, -1L, (short) -1, r);
            if (quiet) continue;
            String type = r.key().getClass().getSimpleName();
            records.add((r.value() == null ? "-" : "") + type.substring(0, type.length() - "Key".length()));
        }
    }

    private void load() {
        start();
        for (int i = 0; i < log.size(); i++) shard.replay(i, -1L, (short) -1, log.get(i).decoded());
        MetadataDelta empty = new MetadataDelta.Builder().setImage(image).build();
        update(empty);
        manager.onLoaded();
    }

    private void update(MetadataDelta delta) {
        Object d = new KRaftCoordinatorMetadataDelta(delta);
        Object i = new KRaftCoordinatorMetadataImage(image);
        if (R.has(manager, "onNewMetadataImage")) R.call(manager, "onNewMetadataImage", i, d);
        else R.call(manager, "onMetadataUpdate", d, i);
    }

    private void metadata(JsonNode q) {
        MetadataImage old = image == null ? MetadataImage.EMPTY : image;
        MetadataDelta delta = new MetadataDelta.Builder().setImage(old).build();
        if (image == null) {
            delta.replay(new FeatureLevelRecord().setName("metadata.version").setFeatureLevel((short) 25));
            delta.replay(new RegisterBrokerRecord().setBrokerId(0));
        }
        TopicChanges.replay(q, old, idOf, delta);
        image = delta.apply(new MetadataProvenance(time.now, 1, time.now, true));
        update(delta);
        if (delta.topicsDelta() != null && !delta.topicsDelta().deletedTopicIds().isEmpty())
            append(shard.maybeCleanupShareGroupState(delta.topicsDelta().deletedTopicIds()).records());
    }

    // ---------------------------------------------------------------- JSON views

    private String name(Uuid id) {
        return nameOf.getOrDefault(id, id.toString());
    }

    private Map<String, Object> show(Map<Uuid, Set<Integer>> m) {
        Map<String, Object> out = new TreeMap<>();
        m.forEach((t, ps) -> out.put(name(t), new TreeSet<>(ps)));
        return out;
    }

    private Object showInit(Object params) {
        if (params == null) return null;
        Object data = R.call(params, "groupTopicPartitionData");
        Map<String, Object> topics = new TreeMap<>();
        Object stateEpoch = null;
        for (Object t : (List<?>) R.call(data, "topicsData")) {
            Map<Integer, Object> ps = new TreeMap<>();
            for (Object p : (List<?>) R.call(t, "partitions")) {
                ps.put((Integer) R.call(p, "partition"), R.call(p, "startOffset"));
                stateEpoch = R.call(p, "stateEpoch");
            }
            topics.put(name((Uuid) R.call(t, "topicId")), ps);
        }
        return J.obj("stateEpoch", stateEpoch, "topics", topics);
    }

    private Object showDelete(Object params) {
        if (params == null) return null;
        Object data = R.call(params, "groupTopicPartitionData");
        if (data == null) return null;
        Map<String, Object> topics = new TreeMap<>();
        for (Object t : (List<?>) R.call(data, "topicsData")) {
            TreeSet<Integer> ps = new TreeSet<>();
            for (Object p : (List<?>) R.call(t, "partitions")) ps.add((Integer) R.call(p, "partition"));
            topics.put(name((Uuid) R.call(t, "topicId")), ps);
        }
        return topics;
    }

    private Object dump() {
        List<Object> out = new ArrayList<>();
        Map<?, ?> groups = (Map<?, ?>) R.get(manager, "groups");
        for (Object id : new TreeSet<>(groups.keySet())) {
            if (!(groups.get(id) instanceof ShareGroup g)) continue;
            Map<String, Object> m = J.obj("group", id, "state", g.stateAsString(), "groupEpoch", g.groupEpoch(), "assignmentEpoch", g.assignmentEpoch());
            if (R.has(g, "assignmentTimestamp")) m.put("assignmentTimestamp", R.call(g, "assignmentTimestamp"));
            Map<String, Object> members = new TreeMap<>();
            g.members().forEach((mid, x) -> {
                ShareGroupMember s = x;
                Timeout t = timers.get(GroupMetadataManager.groupSessionTimeoutKey((String) id, mid));
                members.put(mid, J.obj("epoch", s.memberEpoch(), "previousEpoch", s.previousMemberEpoch(), "rack", s.rackId(),
                    "clientId", s.clientId(), "topics", new TreeSet<>(s.subscribedTopicNames()), "assigned", show(partitions(s.assignedPartitions())),
                    "session", t == null ? null : t.at));
            });
            m.put("members", members);
            Map<String, Object> target = new TreeMap<>();
            g.targetAssignment().forEach((mid, a) -> target.put(mid, show(partitions(((Assignment) a).partitions()))));
            m.put("target", target);
            Object info = manager.shareGroupStatePartitionMetadata().get(id);
            if (info != null) {
                m.put("initializing", initMap((Map<?, ?>) R.call(info, "initializingTopics"), true));
                m.put("initialized", initMap((Map<?, ?>) R.call(info, "initializedTopics"), false));
                TreeSet<String> del = new TreeSet<>();
                ((Collection<?>) R.call(info, "deletingTopics")).forEach(t -> del.add(name((Uuid) t)));
                m.put("deleting", del);
            }
            out.add(m);
        }
        return out;
    }

    @SuppressWarnings("unchecked")
    private static Map<Uuid, Set<Integer>> partitions(Object m) {
        Map<Uuid, Set<Integer>> out = new HashMap<>();
        // Some releases keep an epoch per partition.
        ((Map<Uuid, ?>) m).forEach((t, ps) -> out.put(t, ps instanceof Map<?, ?> x ? (Set<Integer>) x.keySet() : (Set<Integer>) ps));
        return out;
    }

    private Object initMap(Map<?, ?> m, boolean withTime) {
        Map<String, Object> out = new TreeMap<>();
        m.forEach((t, v) -> {
            Object ps = new TreeSet<>((Set<?>) R.call(v, "partitions"));
            out.put(name((Uuid) t), withTime ? List.of(ps, R.call(v, "timestamp")) : ps);
        });
        return out;
    }

    // ---------------------------------------------------------------- requests

    public Step decode(String verb, JsonNode q) {
        Step work = work(verb, J.s(q, "group"), q);
        boolean begins = verb.equals("new");
        boolean alwaysShown = verb.equals("heartbeat") || verb.equals("load") || verb.equals("dump");
        return out -> {
            quiet = out == null;
            if (quiet) {
                work.run(null);
                return;
            }
            if (!begins) {
                records = new ArrayList<>();
                events = new ArrayList<>();
            }
            out.put("error", "NONE");
            try {
                work.run(out);
            } catch (ApiException e) {
                out.clear();
                out.put("error", Errors.forException(e).name());
            }
            if (!records.isEmpty()) out.put("records", records);
            if (!events.isEmpty()) out.put("events", events);
            if (!(records.isEmpty() && events.isEmpty()) || alwaysShown) out.put("groups", dump());
        };
    }

    private Step work(String verb, String group, JsonNode q) {
        switch (verb) {
            case "new":
            case "dump":
                return out -> { };
            case "heartbeat":
                return heartbeat(group, q);
            case "initialized": {
                Map<Uuid, Set<Integer>> topics = topics(q);
                return out -> append(shard.initializeShareGroupState(group, topics).records());
            }
            case "uninitialized": {
                Map<Uuid, Set<Integer>> topics = topics(q);
                return out -> append(shard.uninitializeShareGroupState(group, topics).records());
            }
            case "advance": {
                long ms = q.get("ms").asLong();
                return out -> advance(time.now + ms);
            }
            case "metadata":
                return out -> metadata(q);
            case "load":
                return out -> load();
            case "alter":
                return alter(group, q);
            case "deleteOffsets":
                return deleteOffsets(group, q);
            case "completeDeleteOffsets": {
                Map<Uuid, String> ts = new LinkedHashMap<>();
                q.get("topics").forEach(t -> ts.put(idOf.get(t.asText()), t.asText()));
                return out -> append(shard.completeDeleteShareGroupOffsets(group, ts, List.of()).records());
            }
            case "deleteRequests":
                return out -> deleteRequests(group, out);
            case "deleteGroup":
                return out -> {
                    var res = shard.deleteGroups(null, List.of(group));
                    append(res.records());
                    if (out != null) out.put("error", J.error(res.response().iterator().next().errorCode()));
                };
            default:
                throw new IllegalArgumentException("unknown op group." + verb);
        }
    }

    private Step heartbeat(String group, JsonNode q) {
        String client = q.hasNonNull("clientId") ? q.get("clientId").asText() : "client";
        ShareGroupHeartbeatRequestData d = new ShareGroupHeartbeatRequestData().setGroupId(group).setMemberId(J.s(q, "member"))
            .setMemberEpoch(q.get("epoch").asInt()).setRackId(J.s(q, "rack")).setSubscribedTopicNames(null);
        if (q.hasNonNull("topics")) {
            List<String> ts = new ArrayList<>();
            q.get("topics").forEach(t -> ts.add(t.asText()));
            d.setSubscribedTopicNames(ts);
        }
        return out -> {
            clientId = client;
            var res = shard.shareGroupHeartbeat(context, d);
            append(res.records());
            if (out == null) return;
            var r = res.response().getKey();
            out.put("memberEpoch", r.memberEpoch());
            out.put("heartbeatIntervalMs", r.heartbeatIntervalMs());
            Map<String, Object> a = null;
            if (r.assignment() != null) {
                a = new TreeMap<>();
                for (var t : r.assignment().topicPartitions()) a.put(name(t.topicId()), new TreeSet<>(t.partitions()));
            }
            out.put("assignment", a);
            out.put("initialize", showInit(res.response().getValue().orElse(null)));
        };
    }

    private void advance(long target) {
        while (true) {
            Map.Entry<String, Timeout> next = null;
            for (Map.Entry<String, Timeout> timer : timers.entrySet())
                if (timer.getValue().at <= target && (next == null || timer.getValue().at < next.getValue().at)) next = timer;
            if (next == null) break;
            Timeout due = next.getValue();
            time.now = Math.max(time.now, due.at);
            if (!quiet) events.add(J.obj("at", time.now, "timer", next.getKey()));
            timers.remove(next.getKey());
            append(records(R.call(due.operation, "generateRecords")));
        }
        time.now = target;
    }

    private Step alter(String group, JsonNode q) {
        var topics = new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopicCollection();
        q.get("topics").fields().forEachRemaining(e -> {
            List<AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition> ps = new ArrayList<>();
            e.getValue().fields().forEachRemaining(p -> ps.add(new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition()
                .setPartitionIndex(Integer.parseInt(p.getKey())).setStartOffset(p.getValue().asLong())));
            topics.add(new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic().setTopicName(e.getKey()).setPartitions(ps));
        });
        AlterShareGroupOffsetsRequestData d = new AlterShareGroupOffsetsRequestData().setGroupId(group).setTopics(topics);
        return out -> {
            var res = shard.alterShareGroupOffsets(group, d);
            append(res.records());
            if (out == null) return;
            Map<String, Object> r = new TreeMap<>();
            for (var t : res.response().getKey().responses()) {
                Map<Integer, Object> ps = new TreeMap<>();
                t.partitions().forEach(p -> ps.put(p.partitionIndex(), J.error(p.errorCode())));
                r.put(t.topicName(), ps);
            }
            out.put("results", r);
            out.put("initialize", showInit(res.response().getValue()));
        };
    }

    private Step deleteOffsets(String group, JsonNode q) {
        DeleteShareGroupOffsetsRequestData d = new DeleteShareGroupOffsetsRequestData().setGroupId(group);
        q.get("topics").forEach(t -> d.topics().add(new DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic().setTopicName(t.asText())));
        return out -> {
            var res = shard.initiateDeleteShareGroupOffsets(group, d);
            append(res.records());
            if (out == null) return;
            out.put("error", J.error(res.response().topLevelErrorCode()));
            Map<String, Object> errors = new TreeMap<>();
            if (res.response().errorTopicResponseList() != null)
                res.response().errorTopicResponseList().forEach(t -> errors.put(t.topicName(), J.error(t.errorCode())));
            out.put("errors", errors);
            out.put("delete", showDelete(res.response().deleteStateRequestParameters()));
        };
    }

    private void deleteRequests(String group, Map<String, Object> out) {
        var res = shard.sharePartitionDeleteRequests(List.of(group));
        append(res.records());
        if (out == null) return;
        var e = res.response().get(group);
        out.put("error", e == null ? "NONE" : e.getValue().name());
        out.put("delete", e == null || e.getValue() != Errors.NONE ? null : showDelete(e.getKey()));
    }

    @SuppressWarnings("unchecked")
    private static List<CoordinatorRecord> records(Object result) {
        return ((CoordinatorResult<?, CoordinatorRecord>) result).records();
    }

    private Map<Uuid, Set<Integer>> topics(JsonNode q) {
        Map<Uuid, Set<Integer>> out = new HashMap<>();
        q.get("topics").fields().forEachRemaining(e -> {
            Set<Integer> ps = new HashSet<>();
            e.getValue().forEach(p -> ps.add(p.asInt()));
            out.put(idOf.get(e.getKey()), ps);
        });
        return out;
    }
}
