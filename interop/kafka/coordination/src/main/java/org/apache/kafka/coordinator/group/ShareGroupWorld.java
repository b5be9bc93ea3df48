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
import org.apache.kafka.common.utils.Time;
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

import org.mockito.Mockito;
import org.mockito.invocation.InvocationOnMock;
import org.mockito.stubbing.Answer;

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
import sharelock.oracle.TopicChanges;

/**
 * The share-group part of the real GroupMetadataManager and GroupCoordinatorShard with the real SimpleAssignor, over an
 * in-memory log, on virtual time.
 */
public final class ShareGroupWorld {
    private static final GroupCoordinatorRecordSerde SERDE = new GroupCoordinatorRecordSerde();

    // Mocks are made once: Mockito keeps each as long as what its answers refer to, which would be every world.
    private static ShareGroupWorld current;
    private static final Time TIME = mock(Time.class, inv -> switch (inv.getMethod().getName()) {
        case "milliseconds", "hiResClockMs" -> current.now;
        case "nanoseconds" -> current.now * 1_000_000L;
        default -> throw new UnsupportedOperationException(inv.toString());
    });
    private static final Object TIMER = mock(CoordinatorTimer.class, inv -> current.timer(inv));
    private static final AuthorizableRequestContext CONTEXT = mock(AuthorizableRequestContext.class,
        inv -> switch (inv.getMethod().getName()) {
            case "clientId" -> current.clientId;
            case "clientAddress" -> InetAddress.getLoopbackAddress();
            default -> null;
        });
    private static final GroupCoordinatorMetricsShard METRICS = inert(GroupCoordinatorMetricsShard.class);
    private static final Object EXECUTOR = inert(CoordinatorExecutor.class);
    private static final GroupConfigManager GROUP_CONFIG = inert(GroupConfigManager.class);
    private static final OffsetMetadataManager OFFSETS = inert(OffsetMetadataManager.class);

    private static <T> T mock(Class<T> c, Answer<Object> answer) {
        return Mockito.mock(c, Mockito.withSettings().stubOnly().defaultAnswer(answer));
    }

    private static <T> T inert(Class<T> c) {
        return Mockito.mock(c, Mockito.withSettings().stubOnly());
    }

    private record Rec(byte[] key, byte[] value) { }

    private record Timeout(long at, Object operation) { }

    private final Map<String, Uuid> idOf = new TreeMap<>();
    private final Map<Uuid, String> nameOf = new HashMap<>();
    private final Map<String, Object> config = new HashMap<>();
    private final List<Rec> log = new ArrayList<>();
    private TreeMap<String, Timeout> timers = new TreeMap<>();
    private MetadataImage image;
    private long now;
    private GroupMetadataManager manager;
    private GroupCoordinatorShard shard;
    private List<Object> records = new ArrayList<>();
    private List<Object> events = new ArrayList<>();
    private String clientId;
    public ShareGroupWorld(JsonNode q) {
        current = this;
        now = J.l(q, "now", 0);
        q.get("topicIds").fields().forEachRemaining(e -> {
            idOf.put(e.getKey(), J.uuid(e.getValue().asText()));
            nameOf.put(J.uuid(e.getValue().asText()), e.getKey());
        });
        if (q.hasNonNull("config")) q.get("config").fields().forEachRemaining(e -> config.put(e.getKey(), e.getValue().asText()));
        start();
        metadata(q.get("metadata"));
    }

    private Object timer(InvocationOnMock inv) {
        Object[] a = inv.getArguments();
        switch (inv.getMethod().getName()) {
            case "schedule":
                timers.put((String) a[0], new Timeout(now + ((TimeUnit) a[2]).toMillis((Long) a[1]), a[a.length - 1]));
                return null;
            case "scheduleIfAbsent":
                timers.putIfAbsent((String) a[0], new Timeout(now + ((TimeUnit) a[2]).toMillis((Long) a[1]), a[a.length - 1]));
                return null;
            case "cancel":
                timers.remove((String) a[0]);
                return null;
            case "isScheduled":
                return timers.containsKey((String) a[0]);
            default:
                throw new UnsupportedOperationException(inv.toString());
        }
    }

    private void start() {
        timers = new TreeMap<>();
        Object logContext = R.make(R.cls("org.apache.kafka.common.utils.LogContext", "org.apache.kafka.common.utils.internals.LogContext"));
        GroupCoordinatorConfig cfg = new GroupCoordinatorConfig(new AbstractConfig(GroupCoordinatorConfig.CONFIG_DEF, config, false));
        GroupMetadataManager.Builder b = new GroupMetadataManager.Builder();
        R.call(b, "withLogContext", logContext);
        R.call(b, "withSnapshotRegistry", R.make(SnapshotRegistry.class, logContext));
        R.call(b, "withTime", TIME);
        R.call(b, "withTimer", TIMER);
        R.call(b, "withExecutor", EXECUTOR);
        R.call(b, "withConfig", cfg);
        R.call(b, "withGroupConfigManager", GROUP_CONFIG);
        R.call(b, "withGroupCoordinatorMetricsShard", METRICS);
        manager = (GroupMetadataManager) R.call(b, "build");
        shard = (GroupCoordinatorShard) R.make(GroupCoordinatorShard.class, logContext, manager,
            OFFSETS, TIME, TIMER, cfg, null, METRICS);
    }

    // ---------------------------------------------------------------- log

    private void append(List<CoordinatorRecord> rs) {
        for (CoordinatorRecord r : rs) {
            log.add(new Rec(SERDE.serializeKey(r), SERDE.serializeValue(r)));
            shard.replay(log.size() - 1, -1L, (short) -1, r);
            String type = r.key().getClass().getSimpleName();
            records.add((r.value() == null ? "-" : "") + type.substring(0, type.length() - "Key".length()));
        }
    }

    private void load() {
        start();
        for (int i = 0; i < log.size(); i++) {
            Rec r = log.get(i);
            shard.replay(i, -1L, (short) -1, SERDE.deserialize(ByteBuffer.wrap(r.key), r.value == null ? null : ByteBuffer.wrap(r.value)));
        }
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
        image = delta.apply(new MetadataProvenance(now, 1, now, true));
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

    public Object handle(String verb, JsonNode q) {
        if (!verb.equals("new")) {
            records = new ArrayList<>();
            events = new ArrayList<>();
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("error", "NONE");
        try {
            step(verb, q, out);
        } catch (ApiException e) {
            out.clear();
            out.put("error", Errors.forException(e).name());
        }
        if (!records.isEmpty()) out.put("records", records);
        if (!events.isEmpty()) out.put("events", events);
        if (!(records.isEmpty() && events.isEmpty()) || verb.equals("heartbeat") || verb.equals("load") || verb.equals("dump")) out.put("groups", dump());
        return out;
    }

    private void step(String verb, JsonNode q, Map<String, Object> out) {
        String group = J.s(q, "group");
        switch (verb) {
            case "new":
            case "dump":
                return;
            case "heartbeat": {
                clientId = q.hasNonNull("clientId") ? q.get("clientId").asText() : "client";
                ShareGroupHeartbeatRequestData d = new ShareGroupHeartbeatRequestData().setGroupId(group).setMemberId(J.s(q, "member"))
                    .setMemberEpoch(q.get("epoch").asInt()).setRackId(J.s(q, "rack"));
                if (q.hasNonNull("topics")) {
                    List<String> ts = new ArrayList<>();
                    q.get("topics").forEach(t -> ts.add(t.asText()));
                    d.setSubscribedTopicNames(ts);
                } else {
                    d.setSubscribedTopicNames(null);
                }
                var res = shard.shareGroupHeartbeat(CONTEXT, d);
                append(res.records());
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
                return;
            }
            case "initialized":
                append(shard.initializeShareGroupState(group, topics(q)).records());
                return;
            case "uninitialized":
                append(shard.uninitializeShareGroupState(group, topics(q)).records());
                return;
            case "advance": {
                long target = now + q.get("ms").asLong();
                while (true) {
                    String next = null;
                    for (String k : timers.keySet())
                        if (timers.get(k).at <= target && (next == null || timers.get(k).at < timers.get(next).at)) next = k;
                    if (next == null) break;
                    Timeout due = timers.remove(next);
                    now = Math.max(now, due.at);
                    events.add(J.obj("at", now, "timer", next));
                    append(records(R.call(due.operation, "generateRecords")));
                }
                now = target;
                return;
            }
            case "metadata":
                metadata(q);
                return;
            case "load":
                load();
                return;
            case "alter": {
                var topics = new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopicCollection();
                q.get("topics").fields().forEachRemaining(e -> {
                    List<AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition> ps = new ArrayList<>();
                    e.getValue().fields().forEachRemaining(p -> ps.add(new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition()
                        .setPartitionIndex(Integer.parseInt(p.getKey())).setStartOffset(p.getValue().asLong())));
                    topics.add(new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic().setTopicName(e.getKey()).setPartitions(ps));
                });
                var res = shard.alterShareGroupOffsets(group, new AlterShareGroupOffsetsRequestData().setGroupId(group).setTopics(topics));
                append(res.records());
                Map<String, Object> r = new TreeMap<>();
                for (var t : res.response().getKey().responses()) {
                    Map<Integer, Object> ps = new TreeMap<>();
                    t.partitions().forEach(p -> ps.put(p.partitionIndex(), J.error(p.errorCode())));
                    r.put(t.topicName(), ps);
                }
                out.put("results", r);
                out.put("initialize", showInit(res.response().getValue()));
                return;
            }
            case "deleteOffsets": {
                DeleteShareGroupOffsetsRequestData d = new DeleteShareGroupOffsetsRequestData().setGroupId(group);
                q.get("topics").forEach(t -> d.topics().add(new DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic().setTopicName(t.asText())));
                var res = shard.initiateDeleteShareGroupOffsets(group, d);
                append(res.records());
                out.put("error", J.error(res.response().topLevelErrorCode()));
                Map<String, Object> errors = new TreeMap<>();
                if (res.response().errorTopicResponseList() != null)
                    res.response().errorTopicResponseList().forEach(t -> errors.put(t.topicName(), J.error(t.errorCode())));
                out.put("errors", errors);
                out.put("delete", showDelete(res.response().deleteStateRequestParameters()));
                return;
            }
            case "completeDeleteOffsets": {
                Map<Uuid, String> ts = new LinkedHashMap<>();
                q.get("topics").forEach(t -> ts.put(idOf.get(t.asText()), t.asText()));
                append(shard.completeDeleteShareGroupOffsets(group, ts, List.of()).records());
                return;
            }
            case "deleteRequests": {
                var res = shard.sharePartitionDeleteRequests(List.of(group));
                append(res.records());
                var e = res.response().get(group);
                out.put("error", e == null ? "NONE" : e.getValue().name());
                out.put("delete", e == null || e.getValue() != Errors.NONE ? null : showDelete(e.getKey()));
                return;
            }
            case "deleteGroup": {
                var res = shard.deleteGroups(null, List.of(group));
                append(res.records());
                out.put("error", J.error(res.response().iterator().next().errorCode()));
                return;
            }
            default:
                throw new IllegalArgumentException("unknown op group." + verb);
        }
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
