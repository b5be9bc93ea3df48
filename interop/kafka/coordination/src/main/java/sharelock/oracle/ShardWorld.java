package sharelock.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime;
import org.apache.kafka.coordinator.common.runtime.KRaftCoordinatorMetadataDelta;
import org.apache.kafka.coordinator.common.runtime.KRaftCoordinatorMetadataImage;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.coordinator.share.ShareCoordinatorConfig;
import org.apache.kafka.coordinator.share.ShareCoordinatorRecordSerde;
import org.apache.kafka.coordinator.share.ShareCoordinatorService;
import org.apache.kafka.coordinator.share.ShareCoordinatorShard;
import org.apache.kafka.coordinator.share.ShareGroupOffset;
import org.apache.kafka.coordinator.share.generated.ShareSnapshotKey;
import org.apache.kafka.coordinator.share.generated.ShareSnapshotValue;
import org.apache.kafka.coordinator.share.generated.ShareUpdateKey;
import org.apache.kafka.coordinator.share.generated.ShareUpdateValue;
import org.apache.kafka.coordinator.share.metrics.ShareCoordinatorMetrics;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.server.share.SharePartitionKey;
import org.apache.kafka.server.util.timer.Timer;
import org.apache.kafka.server.util.timer.TimerTask;
import org.apache.kafka.timeline.SnapshotRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * The real ShareCoordinatorShard and ShareCoordinatorService over an in-memory log, on virtual time.
 * Only the coordinator runtime (threads, replication), the log and the clock are replaced.
 */
final class ShardWorld {
    private static final ShareCoordinatorRecordSerde SERDE = new ShareCoordinatorRecordSerde();
    private static final ShareCoordinatorMetrics METRICS = new ShareCoordinatorMetrics(new Metrics());

    /** One record of the log: as bytes, if it goes through the serialiser. */
    private record Rec(long offset, CoordinatorRecord record, byte[] key, byte[] value) {
        CoordinatorRecord decoded() {
            return record != null ? record : SERDE.deserialize(ByteBuffer.wrap(key), value == null ? null : ByteBuffer.wrap(value));
        }
    }

    /** One partition of the state log and the shard that leads it (null: not loaded). */
    private static final class Part {
        final List<Rec> log = new ArrayList<>();
        long start;
        long end;
        SnapshotRegistry registry;
        ShareCoordinatorShard shard;
    }

    private record Key(String group, String topic, int partition) implements Comparable<Key> {
        @Override
        public int compareTo(Key o) {
            int c = group.compareTo(o.group);
            if (c == 0) c = topic.compareTo(o.topic);
            return c != 0 ? c : Integer.compare(partition, o.partition);
        }
    }

    private record Due(long at, long seq, TimerTask task) { }

    private final List<Part> parts = new ArrayList<>();
    private final Map<String, Uuid> idOf = new TreeMap<>();
    private final Map<Uuid, String> nameOf = new HashMap<>();
    private final StateRequests requests = new StateRequests(idOf, nameOf);
    private final List<Due> timers = new ArrayList<>();
    private final int coldMs;
    private final int pruneMs;
    private final VirtualTime time;
    private final ShareCoordinatorService service;
    private int recordsPerSnapshot;
    private long seq;
    private long epoch;
    private MetadataImage image;

    // Effects of the request in progress.
    private List<Object> records = new ArrayList<>();
    private List<Object> events = new ArrayList<>();
    private TreeSet<Key> touched = new TreeSet<>();
    /** Nothing is told, and records are kept as they are: only the classes are to work. */
    private boolean quiet;

    ShardWorld(JsonNode q) {
        int n = J.i(q, "numPartitions", 1);
        recordsPerSnapshot = J.i(q, "recordsPerSnapshot", 500);
        coldMs = J.i(q, "coldMs", 300_000);
        pruneMs = J.i(q, "pruneMs", 300_000);
        q.get("topicIds").fields().forEachRemaining(e -> {
            Uuid id = J.uuid(e.getValue().asText());
            idOf.put(e.getKey(), id);
            nameOf.put(id, e.getKey());
        });
        time = new VirtualTime(J.l(q, "now", 0));
        service = newService();
        for (int i = 0; i < n; i++) parts.add(new Part());
        R.call(service, "startup", (java.util.function.IntSupplier) () -> n);
        if (q.hasNonNull("metadata")) metadata(q.get("metadata"));
        if (J.b(q, "loaded", true)) for (int i = 0; i < n; i++) load(i);
    }

    // ---------------------------------------------------------------- wiring

    private ShareCoordinatorService newService() {
        Stubs.Answer runtime = (name, a) -> {
            switch (name) {
                case "scheduleWriteOperation": {
                    int p = ((TopicPartition) a[1]).partition();
                    Object op = a[a.length - 1];
                    try {
                        return CompletableFuture.completedFuture(execute(p, op, false));
                    } catch (Throwable t) {
                        return CompletableFuture.failedFuture(t);
                    }
                }
                case "scheduleWriteAllOperation": {
                    List<CompletableFuture<Object>> out = new ArrayList<>();
                    for (int p = 0; p < parts.size(); p++) {
                        if (parts.get(p).shard == null) continue;
                        try {
                            out.add(CompletableFuture.completedFuture(execute(p, a[a.length - 1], true)));
                        } catch (Throwable t) {
                            out.add(CompletableFuture.failedFuture(t));
                        }
                    }
                    return out;
                }
                case "activeTopicPartitions":
                case "activeCoordinators": {
                    List<TopicPartition> out = new ArrayList<>();
                    for (int p = 0; p < parts.size(); p++)
                        if (parts.get(p).shard != null) out.add(new TopicPartition("__share_group_state", p));
                    return out;
                }
                case "onNewMetadataImage":
                case "onMetadataUpdate":
                    for (Part p : parts) if (p.shard != null) R.call(p.shard, name, a[0], a[1]);
                    return null;
                case "scheduleLoadOperation":
                    load(((TopicPartition) a[0]).partition());
                    return null;
                case "scheduleUnloadOperation":
                    parts.get(((TopicPartition) a[0]).partition()).shard = null;
                    return null;
                default:
                    throw new UnsupportedOperationException(name);
            }
        };
        Stubs.Answer timer = (name, a) -> {
            if (!name.equals("add")) throw new UnsupportedOperationException(name);
            TimerTask t = (TimerTask) a[0];
            timers.add(new Due(time.now + t.delayMs, seq++, t));
            return null;
        };
        Stubs.Answer writer = (name, a) -> {
            if (!name.equals("deleteRecords")) throw new UnsupportedOperationException(name);
            int p = ((TopicPartition) a[0]).partition();
            long to = (Long) a[1];
            prune(p, to);
            if (!quiet) events.add(J.obj("at", time.now, "event", "prune", "shard", p, "to", to));
            return CompletableFuture.completedFuture(null);
        };
        Object log = Stubs.newLogContext();
        List<Object> args = new ArrayList<>(List.of(log, config(), Stubs.of(CoordinatorRuntime.class, runtime), METRICS, time,
            Stubs.of(Timer.class, timer), Stubs.of(PartitionWriter.class, writer)));
        if (ShareCoordinatorService.class.getConstructors()[0].getParameterCount() == 8)
            args.add((java.util.function.Supplier<Boolean>) () -> false);   // "enabled by configuration", 4.2 only
        return (ShareCoordinatorService) R.make(ShareCoordinatorService.class, args.toArray());
    }

    private ShareCoordinatorConfig config() {
        Map<String, String> c = new HashMap<>();
        c.put("share.coordinator.snapshot.update.records.per.snapshot", String.valueOf(recordsPerSnapshot));
        c.put("share.coordinator.cold.partition.snapshot.interval.ms", String.valueOf(coldMs));
        c.put("share.coordinator.state.topic.prune.interval.ms", String.valueOf(pruneMs));
        return new ShareCoordinatorConfig(new AbstractConfig(ShareCoordinatorConfig.CONFIG_DEF, c, false));
    }

    private void load(int p) {
        Part part = parts.get(p);
        part.registry = (SnapshotRegistry) R.make(SnapshotRegistry.class, Stubs.newLogContext());
        ShareCoordinatorShard.Builder b = new ShareCoordinatorShard.Builder(config());
        R.call(b, "withLogContext", Stubs.newLogContext());
        part.shard = b.withSnapshotRegistry(part.registry)
            .withTime(time)
            .withCoordinatorMetrics(METRICS)
            .withTopicPartition(new TopicPartition("__share_group_state", p))
            .build();
        for (Rec r : part.log) part.shard.replay(r.offset, -1L, (short) -1, r.decoded());
        part.shard.onLoaded(image == null ? null : new KRaftCoordinatorMetadataImage(image));
        part.registry.idempotentCreateSnapshot(part.end);
    }

    /** Runs one write operation: records are appended and replayed at once, the response is returned. */
    private Object execute(int p, Object op, boolean sort) {
        Part part = parts.get(p);
        if (part.shard == null) throw Errors.NOT_COORDINATOR.exception();
        @SuppressWarnings("unchecked")
        CoordinatorResult<Object, CoordinatorRecord> res =
            (CoordinatorResult<Object, CoordinatorRecord>) R.call(op, "generateRecordsAndResult", part.shard);
        append(p, res.records(), sort);
        return res.response();
    }

    private void append(int p, List<CoordinatorRecord> rs, boolean sort) {
        Part part = parts.get(p);
        List<CoordinatorRecord> list = rs;
        if (sort) {
            list = new ArrayList<>(rs);
            list.sort(Comparator.comparing(this::keyOf));
        }
        for (CoordinatorRecord r : list) {
            long offset = part.end++;
            Rec rec = quiet ? new Rec(offset, r, null, null) : new Rec(offset, null, SERDE.serializeKey(r), SERDE.serializeValue(r));
            part.log.add(rec);
            part.shard.replay(offset, -1L, (short) -1, r);
            if (quiet) continue;
            touched.add(keyOf(r));
            records.add(show(p, rec));
        }
        part.registry.idempotentCreateSnapshot(part.end);
    }

    private void prune(int p, long to) {
        Part part = parts.get(p);
        part.log.removeIf(r -> r.offset < to);
        part.start = Math.max(part.start, to);
    }

    // ---------------------------------------------------------------- JSON views

    private Key keyOf(CoordinatorRecord r) {
        Object k = r.key();
        return k instanceof ShareSnapshotKey s ? new Key(s.groupId(), nameOf.get(s.topicId()), s.partition())
            : new Key(((ShareUpdateKey) k).groupId(), nameOf.get(((ShareUpdateKey) k).topicId()), ((ShareUpdateKey) k).partition());
    }

    private Map<String, Object> show(int p, Rec rec) {
        CoordinatorRecord r = rec.decoded();
        Key k = keyOf(r);
        Map<String, Object> m = J.obj("shard", p, "offset", rec.offset, "type", null, "key", List.of(k.group, k.topic, k.partition));
        if (r.value() == null) {
            m.put("type", "tombstone");
        } else if (r.value().message() instanceof ShareSnapshotValue v) {
            m.put("type", "snapshot");
            m.put("snapshotEpoch", v.snapshotEpoch());
            m.put("stateEpoch", v.stateEpoch());
            m.put("leaderEpoch", v.leaderEpoch());
            m.put("startOffset", v.startOffset());
            m.put("deliveryCompleteCount", v.deliveryCompleteCount());
            m.put("createTimestamp", v.createTimestamp());
            m.put("writeTimestamp", v.writeTimestamp());
            m.put("batches", v.stateBatches().stream().map(b ->
                List.of(b.firstOffset(), b.lastOffset(), (int) b.deliveryState(), (int) b.deliveryCount())).toList());
        } else {
            ShareUpdateValue v = (ShareUpdateValue) r.value().message();
            m.put("type", "update");
            m.put("snapshotEpoch", v.snapshotEpoch());
            m.put("leaderEpoch", v.leaderEpoch());
            m.put("startOffset", v.startOffset());
            m.put("deliveryCompleteCount", v.deliveryCompleteCount());
            m.put("batches", v.stateBatches().stream().map(b ->
                List.of(b.firstOffset(), b.lastOffset(), (int) b.deliveryState(), (int) b.deliveryCount())).toList());
        }
        return m;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> state(int p, Key k) {
        ShareCoordinatorShard s = parts.get(p).shard;
        SharePartitionKey key = SharePartitionKey.getInstance(k.group, idOf.get(k.topic), k.partition);
        Map<String, Object> m = J.obj("shard", p, "key", List.of(k.group, k.topic, k.partition));
        ShareGroupOffset o = ((Map<SharePartitionKey, ShareGroupOffset>) R.get(s, "shareStateMap")).get(key);
        m.put("initialized", o != null);
        if (o != null) {
            m.put("snapshotEpoch", o.snapshotEpoch());
            m.put("stateEpoch", o.stateEpoch());
            m.put("leaderEpoch", o.leaderEpoch());
            m.put("startOffset", o.startOffset());
            m.put("deliveryCompleteCount", R.call(o, "deliveryCompleteCount"));
            m.put("createTimestamp", o.createTimestamp());
            m.put("writeTimestamp", o.writeTimestamp());
            m.put("batches", J.batches(o.stateBatches()));
        }
        m.put("fenceLeaderEpoch", ((Map<SharePartitionKey, Integer>) R.get(s, "leaderEpochMap")).get(key));
        m.put("fenceStateEpoch", ((Map<SharePartitionKey, Integer>) R.get(s, "stateEpochMap")).get(key));
        m.put("updateCount", ((Map<SharePartitionKey, Integer>) R.get(s, "snapshotUpdateCount")).get(key));
        m.put("snapshotOffset", ((Map<SharePartitionKey, Long>) R.get(R.get(s, "offsetsManager"), "offsets")).get(key));
        return m;
    }

    @SuppressWarnings("unchecked")
    private TreeSet<Key> keys(int p) {
        TreeSet<Key> out = new TreeSet<>();
        ShareCoordinatorShard s = parts.get(p).shard;
        if (s == null) return out;
        List<Map<SharePartitionKey, ?>> maps = List.of(
            (Map<SharePartitionKey, ?>) R.get(s, "shareStateMap"),
            (Map<SharePartitionKey, ?>) R.get(s, "leaderEpochMap"),
            (Map<SharePartitionKey, ?>) R.get(s, "stateEpochMap"),
            (Map<SharePartitionKey, ?>) R.get(s, "snapshotUpdateCount"),
            (Map<SharePartitionKey, ?>) R.get(R.get(s, "offsetsManager"), "offsets"));
        for (Map<SharePartitionKey, ?> m : maps)
            m.keySet().forEach(k -> out.add(new Key(k.groupId(), nameOf.get(k.topicId()), k.partition())));
        return out;
    }

    private Object redundant(int p) {
        ShareCoordinatorShard s = parts.get(p).shard;
        if (s == null) return null;
        return ((Optional<?>) s.lastRedundantOffset().response()).orElse(null);
    }

    private Object dump() {
        List<Object> out = new ArrayList<>();
        for (int p = 0; p < parts.size(); p++) for (Key k : keys(p)) out.add(state(p, k));
        return out;
    }

    private Object shards() {
        List<Object> out = new ArrayList<>();
        for (int p = 0; p < parts.size(); p++) {
            Part part = parts.get(p);
            out.add(Arrays.asList(part.shard != null, part.start, part.end, redundant(p)));
        }
        return out;
    }

    private int partOf(String group, String topic, int partition) {
        Uuid id = topic == null ? null : idOf.get(topic);
        if (id == null || parts.size() == 1) return 0;
        return service.partitionFor(SharePartitionKey.getInstance(group, id, partition));
    }

    // ---------------------------------------------------------------- requests

    Step decode(String verb, JsonNode q) {
        Step work = work(verb, q);
        boolean begins = verb.equals("new");
        return out -> {
            quiet = out == null;
            if (!begins && !quiet) {
                records = new ArrayList<>();
                events = new ArrayList<>();
                touched = new TreeSet<>();
            }
            work.run(out);
            if (!quiet) tell(out);
        };
    }

    private void tell(Map<String, Object> out) {
        if (!records.isEmpty()) out.put("records", records);
        if (!events.isEmpty()) out.put("events", events);
        List<Object> states = new ArrayList<>();
        for (Key k : touched) {
            int p = partOf(k.group, k.topic, k.partition);
            if (parts.get(p).shard != null) states.add(state(p, k));
        }
        if (!states.isEmpty()) out.put("states", states);
        out.put("shards", shards());
    }

    private Step work(String verb, JsonNode q) {
        int p = J.i(q, "shard", 0);
        switch (verb) {
            case "new":
                return out -> { };
            case "initialize":
            case "write":
            case "read":
            case "summary":
            case "delete":
                return q.has("entries") ? throughService(verb, q) : direct(verb, q);
            case "advance": {
                long ms = q.get("ms").asLong();
                return out -> advance(ms);
            }
            case "cold":
                return out -> append(p, parts.get(p).shard.snapshotColdPartitions().records(), true);
            case "prune": {
                Long asked = q.hasNonNull("to") ? q.get("to").asLong() : null;
                return out -> {
                    Long to = asked != null ? asked : (Long) redundant(p);
                    if (to != null) prune(p, to);
                    if (out != null) out.put("to", to);
                };
            }
            case "metadata":
                return out -> metadata(q);
            case "load": {
                Integer limit = q.hasNonNull("recordsPerSnapshot") ? q.get("recordsPerSnapshot").asInt() : null;
                return out -> {
                    if (limit != null) recordsPerSnapshot = limit;
                    R.call(service, "onElection", p, (int) (++epoch));
                    if (out != null) out.put("dump", dump());
                };
            }
            case "unload":
                return out -> R.call(service, "onResignation", p, java.util.OptionalInt.of((int) (++epoch)));
            case "revert": {
                int operations = q.get("operations").asInt();
                return out -> {
                    long to = revert(parts.get(p), operations);
                    if (out == null) return;
                    out.put("to", to);
                    out.put("dump", dump());
                };
            }
            case "partitionFor": {
                SharePartitionKey key = SharePartitionKey.getInstance(q.get("group").asText(), idOf.get(q.get("topic").asText()),
                    q.get("partition").asInt());
                return out -> {
                    int found = service.partitionFor(key);
                    if (out == null) return;
                    out.put("key", key.asCoordinatorKey());
                    out.put("partition", found);
                };
            }
            case "log":
                return out -> {
                    if (out != null) out.put("log", parts.get(p).log.stream().map(r -> show(p, r)).toList());
                };
            case "dump":
                return out -> {
                    if (out != null) out.put("dump", dump());
                };
            default:
                throw new IllegalArgumentException("unknown op shard." + verb);
        }
    }

    private static long revert(Part part, int operations) {
        List<Long> boundaries = part.registry.epochsList().stream().filter(e -> e >= part.start).sorted().toList();
        long to = boundaries.get(Math.max(0, boundaries.size() - 1 - operations));
        part.registry.revertToSnapshot(to);
        part.log.removeIf(r -> r.offset >= to);
        part.end = to;
        return to;
    }

    private void advance(long ms) {
        long target = time.now + ms;
        while (true) {
            Optional<Due> next = timers.stream().filter(d -> d.at <= target)
                .min(Comparator.comparingLong(Due::at).thenComparingLong(Due::seq));
            if (next.isEmpty()) break;
            timers.remove(next.get());
            time.now = Math.max(time.now, next.get().at);
            next.get().task.run();
        }
        time.now = target;
    }

    /** {"create": {name: partitions}, "grow": {name: newCount}, "delete": [name], "shareVersion": 0|1}, all optional. */
    private void metadata(JsonNode q) {
        MetadataImage old = image == null ? MetadataImage.EMPTY : image;
        MetadataDelta delta = new MetadataDelta.Builder().setImage(old).build();
        if (image == null)
            delta.replay(new FeatureLevelRecord().setName("metadata.version").setFeatureLevel((short) 25));
        if (q.hasNonNull("shareVersion"))
            delta.replay(new FeatureLevelRecord().setName("share.version").setFeatureLevel((short) q.get("shareVersion").asInt()));
        TopicChanges.replay(q, old, idOf, delta);
        image = delta.apply(new MetadataProvenance(seq, 1, time.now, true));
        if (R.has(service, "onTopicsDeleted")) {
            // 4.2: the broker calls the two methods in this order.
            if (delta.topicsDelta() != null && !delta.topicsDelta().deletedTopicIds().isEmpty())
                R.call(service, "onTopicsDeleted", delta.topicsDelta().deletedTopicIds(), (Object) null);
            R.call(service, "onNewMetadataImage", new KRaftCoordinatorMetadataImage(image), image.features(),
                new KRaftCoordinatorMetadataDelta(delta));
        } else {
            R.call(service, "onMetadataUpdate", delta, image);
        }
    }

    private Step throughService(String verb, JsonNode q) {
        Object data = requests.data(verb, q);
        return out -> {
            List<?> results = StateRequests.viaService(service, data);
            if (out != null) out.put("results", requests.results(results));
        };
    }

    private Step direct(String verb, JsonNode q) {
        int p = partOf(J.s(q, "group"), J.s(q, "topic"), q.get("partition").asInt());
        Object data = requests.single(verb, q);
        return out -> {
            ShareCoordinatorShard s = parts.get(p).shard;
            if (s == null) throw Errors.NOT_COORDINATOR.exception();
            CoordinatorResult<?, CoordinatorRecord> r = StateRequests.direct(s, data);
            append(p, r.records(), false);
            if (out != null) out.put("results", List.of(requests.results((List<?>) R.call(r.response(), "results")).get(0)));
        };
    }
}
