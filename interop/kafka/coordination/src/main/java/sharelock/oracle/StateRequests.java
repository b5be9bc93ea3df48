package sharelock.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteShareGroupStateRequestData;
import org.apache.kafka.common.message.InitializeShareGroupStateRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateResponseData;
import org.apache.kafka.common.message.ReadShareGroupStateSummaryRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateSummaryResponseData;
import org.apache.kafka.common.message.WriteShareGroupStateRequestData;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.share.ShareCoordinatorService;
import org.apache.kafka.coordinator.share.ShareCoordinatorShard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** The five requests of share group state, from JSON to the real classes and back. */
final class StateRequests {
    private final Map<String, Uuid> idOf;
    private final Map<Uuid, String> nameOf;

    StateRequests(Map<String, Uuid> idOf, Map<Uuid, String> nameOf) {
        this.idOf = idOf;
        this.nameOf = nameOf;
    }

    private Uuid topicId(JsonNode q) {
        String t = J.s(q, "topic");
        if (t == null) return null;
        if (!idOf.containsKey(t)) throw new IllegalArgumentException("topic " + t + " has no id");
        return idOf.get(t);
    }

    /** A request of one entry. */
    Object single(String verb, JsonNode q) {
        String group = J.s(q, "group");
        Uuid id = topicId(q);
        return switch (verb) {
            case "initialize" -> new InitializeShareGroupStateRequestData().setGroupId(group).setTopics(List.of(
                new InitializeShareGroupStateRequestData.InitializeStateData().setTopicId(id).setPartitions(List.of(initialize(q)))));
            case "write" -> new WriteShareGroupStateRequestData().setGroupId(group).setTopics(List.of(
                new WriteShareGroupStateRequestData.WriteStateData().setTopicId(id).setPartitions(List.of(write(q)))));
            case "read" -> new ReadShareGroupStateRequestData().setGroupId(group).setTopics(List.of(
                new ReadShareGroupStateRequestData.ReadStateData().setTopicId(id).setPartitions(List.of(read(q)))));
            case "summary" -> new ReadShareGroupStateSummaryRequestData().setGroupId(group).setTopics(List.of(
                new ReadShareGroupStateSummaryRequestData.ReadStateSummaryData().setTopicId(id).setPartitions(List.of(summary(q)))));
            default -> new DeleteShareGroupStateRequestData().setGroupId(group).setTopics(List.of(
                new DeleteShareGroupStateRequestData.DeleteStateData().setTopicId(id).setPartitions(List.of(delete(q)))));
        };
    }

    /** A request of one entry, straight to the shard. */
    static CoordinatorResult<?, CoordinatorRecord> direct(ShareCoordinatorShard s, Object data) {
        if (data instanceof InitializeShareGroupStateRequestData d) return s.initializeState(d);
        if (data instanceof WriteShareGroupStateRequestData d) return s.writeState(d);
        if (data instanceof ReadShareGroupStateRequestData d) return s.readStateAndMaybeUpdateLeaderEpoch(d);
        if (data instanceof ReadShareGroupStateSummaryRequestData d) return s.readStateSummary(d);
        return s.deleteState((DeleteShareGroupStateRequestData) data);
    }

    private static InitializeShareGroupStateRequestData.PartitionData initialize(JsonNode q) {
        return new InitializeShareGroupStateRequestData.PartitionData().setPartition(q.get("partition").asInt())
            .setStateEpoch(J.i(q, "stateEpoch", 0)).setStartOffset(J.l(q, "startOffset", -1));
    }

    private static WriteShareGroupStateRequestData.PartitionData write(JsonNode q) {
        List<WriteShareGroupStateRequestData.StateBatch> bs = new ArrayList<>();
        if (q.hasNonNull("batches")) for (JsonNode b : q.get("batches"))
            bs.add(new WriteShareGroupStateRequestData.StateBatch().setFirstOffset(b.get(0).asLong()).setLastOffset(b.get(1).asLong())
                .setDeliveryState((byte) b.get(2).asInt()).setDeliveryCount((short) b.get(3).asInt()));
        return new WriteShareGroupStateRequestData.PartitionData().setPartition(q.get("partition").asInt())
            .setStateEpoch(J.i(q, "stateEpoch", 0)).setLeaderEpoch(J.i(q, "leaderEpoch", 0))
            .setStartOffset(J.l(q, "startOffset", -1)).setDeliveryCompleteCount(J.i(q, "deliveryCompleteCount", -1))
            .setStateBatches(bs);
    }

    private static ReadShareGroupStateRequestData.PartitionData read(JsonNode q) {
        return new ReadShareGroupStateRequestData.PartitionData().setPartition(q.get("partition").asInt())
            .setLeaderEpoch(J.i(q, "leaderEpoch", 0));
    }

    private static ReadShareGroupStateSummaryRequestData.PartitionData summary(JsonNode q) {
        return new ReadShareGroupStateSummaryRequestData.PartitionData().setPartition(q.get("partition").asInt())
            .setLeaderEpoch(J.i(q, "leaderEpoch", 0));
    }

    private static DeleteShareGroupStateRequestData.PartitionData delete(JsonNode q) {
        return new DeleteShareGroupStateRequestData.PartitionData().setPartition(q.get("partition").asInt());
    }

    /** A request through ShareCoordinatorService: the topics of its response. */
    static List<?> viaService(ShareCoordinatorService service, Object data) throws Exception {
        RequestContext ctx = null;
        try {
            if (data instanceof InitializeShareGroupStateRequestData d) return service.initializeState(ctx, d).get().results();
            if (data instanceof WriteShareGroupStateRequestData d) return service.writeState(ctx, d).get().results();
            if (data instanceof ReadShareGroupStateRequestData d) return service.readState(ctx, d).get().results();
            if (data instanceof ReadShareGroupStateSummaryRequestData d) return service.readStateSummary(ctx, d).get().results();
            return service.deleteState(ctx, (DeleteShareGroupStateRequestData) data).get().results();
        } catch (ExecutionException e) {
            throw R.sneaky(e.getCause());
        }
    }

    /** A request of several entries; "entries" is a list of topics: {"topic":…, "partitions":[{…}]}. */
    Object data(String verb, JsonNode q) {
        String group = J.s(q, "group");
        JsonNode topics = q.get("entries");
        switch (verb) {
            case "initialize": {
                var d = new InitializeShareGroupStateRequestData().setGroupId(group);
                for (JsonNode t : topics) {
                    var x = new InitializeShareGroupStateRequestData.InitializeStateData().setTopicId(topicId(t)).setPartitions(new ArrayList<>());
                    for (JsonNode p : t.get("partitions")) x.partitions().add(initialize(p));
                    d.topics().add(x);
                }
                return d;
            }
            case "write": {
                var d = new WriteShareGroupStateRequestData().setGroupId(group);
                for (JsonNode t : topics) {
                    var x = new WriteShareGroupStateRequestData.WriteStateData().setTopicId(topicId(t)).setPartitions(new ArrayList<>());
                    for (JsonNode p : t.get("partitions")) x.partitions().add(write(p));
                    d.topics().add(x);
                }
                return d;
            }
            case "read": {
                var d = new ReadShareGroupStateRequestData().setGroupId(group);
                for (JsonNode t : topics) {
                    var x = new ReadShareGroupStateRequestData.ReadStateData().setTopicId(topicId(t)).setPartitions(new ArrayList<>());
                    for (JsonNode p : t.get("partitions")) x.partitions().add(read(p));
                    d.topics().add(x);
                }
                return d;
            }
            case "summary": {
                var d = new ReadShareGroupStateSummaryRequestData().setGroupId(group);
                for (JsonNode t : topics) {
                    var x = new ReadShareGroupStateSummaryRequestData.ReadStateSummaryData().setTopicId(topicId(t)).setPartitions(new ArrayList<>());
                    for (JsonNode p : t.get("partitions")) x.partitions().add(summary(p));
                    d.topics().add(x);
                }
                return d;
            }
            default: {
                var d = new DeleteShareGroupStateRequestData().setGroupId(group);
                for (JsonNode t : topics) {
                    var x = new DeleteShareGroupStateRequestData.DeleteStateData().setTopicId(topicId(t)).setPartitions(new ArrayList<>());
                    for (JsonNode p : t.get("partitions")) x.partitions().add(delete(p));
                    d.topics().add(x);
                }
                return d;
            }
        }
    }

    /** Response of any of the five RPCs, ordered by topic name and partition. */
    List<Map<String, Object>> results(List<?> topics) {
        List<Map<String, Object>> out = new ArrayList<>();
        for (Object t : topics) {
            Uuid id = (Uuid) R.call(t, "topicId");
            for (Object p : (List<?>) R.call(t, "partitions")) {
                short code = (Short) R.call(p, "errorCode");
                Map<String, Object> m = J.obj("topic", id == null ? null : nameOf.get(id), "partition", R.call(p, "partition"), "error", J.error(code));
                if (code == 0 && p instanceof ReadShareGroupStateResponseData.PartitionResult r) {
                    m.put("stateEpoch", r.stateEpoch());
                    m.put("startOffset", r.startOffset());
                    m.put("batches", r.stateBatches().stream().map(b ->
                        List.of(b.firstOffset(), b.lastOffset(), (int) b.deliveryState(), (int) b.deliveryCount())).toList());
                } else if (code == 0 && p instanceof ReadShareGroupStateSummaryResponseData.PartitionResult r) {
                    m.put("stateEpoch", r.stateEpoch());
                    m.put("leaderEpoch", r.leaderEpoch());
                    m.put("startOffset", r.startOffset());
                    m.put("deliveryCompleteCount", r.deliveryCompleteCount());
                }
                out.add(m);
            }
        }
        out.sort(Comparator.comparing((Map<String, Object> m) -> String.valueOf(m.get("topic"))).thenComparing(m -> (Integer) m.get("partition")));
        return out;
    }
}
