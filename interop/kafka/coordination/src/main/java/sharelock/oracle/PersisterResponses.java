package sharelock.oracle;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteShareGroupStateResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitializeShareGroupStateResponseData;
import org.apache.kafka.common.message.ReadShareGroupStateResponseData;
import org.apache.kafka.common.message.ReadShareGroupStateSummaryResponseData;
import org.apache.kafka.common.message.WriteShareGroupStateResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.DeleteShareGroupStateResponse;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.InitializeShareGroupStateResponse;
import org.apache.kafka.common.requests.ReadShareGroupStateResponse;
import org.apache.kafka.common.requests.ReadShareGroupStateSummaryResponse;
import org.apache.kafka.common.requests.WriteShareGroupStateResponse;
import org.apache.kafka.server.share.persister.PartitionAllData;
import org.apache.kafka.server.share.persister.PartitionIdData;
import org.apache.kafka.server.share.persister.PartitionStateSummaryData;
import org.apache.kafka.server.share.persister.TopicData;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** What a share coordinator answers to a persister, made from JSON; requests and results as JSON. */
final class PersisterResponses {
    private final Map<String, Uuid> idOf;

    PersisterResponses(Map<String, Uuid> idOf) {
        this.idOf = idOf;
    }

    /** The bodies of an answer to a request of each kind, null if it has none: only the request says which kind it is. */
    Map<String, AbstractResponse> bodies(JsonNode q, List<String> verbs, IntFunction<Node> node) {
        Map<String, AbstractResponse> bodies = new HashMap<>();
        for (String verb : verbs) bodies.put(verb, body(verb, q, node));
        if (J.b(q, "empty", false) || !q.path("coordinators").isEmpty()) bodies.put("lookup", body("lookup", q, node));
        return bodies;
    }

    /** The body of an answer; null if there is none. */
    private AbstractResponse body(String api, JsonNode q, IntFunction<Node> node) {
        if (J.b(q, "empty", false)) return null;
        JsonNode results = q.has("results") ? q.get("results") : J.MAPPER.createArrayNode();
        switch (api) {
            case "initialize": {
                var d = new InitializeShareGroupStateResponseData();
                for (JsonNode t : results) {
                    var x = new InitializeShareGroupStateResponseData.InitializeStateResult().setTopicId(topic(t));
                    for (JsonNode p : t.get("partitions"))
                        x.partitions().add(new InitializeShareGroupStateResponseData.PartitionResult().setPartition(partition(p)).setErrorCode(error(p)));
                    d.results().add(x);
                }
                return new InitializeShareGroupStateResponse(d);
            }
            case "write": {
                var d = new WriteShareGroupStateResponseData();
                for (JsonNode t : results) {
                    var x = new WriteShareGroupStateResponseData.WriteStateResult().setTopicId(topic(t));
                    for (JsonNode p : t.get("partitions"))
                        x.partitions().add(new WriteShareGroupStateResponseData.PartitionResult().setPartition(partition(p)).setErrorCode(error(p)));
                    d.results().add(x);
                }
                return new WriteShareGroupStateResponse(d);
            }
            case "delete": {
                var d = new DeleteShareGroupStateResponseData();
                for (JsonNode t : results) {
                    var x = new DeleteShareGroupStateResponseData.DeleteStateResult().setTopicId(topic(t));
                    for (JsonNode p : t.get("partitions"))
                        x.partitions().add(new DeleteShareGroupStateResponseData.PartitionResult().setPartition(partition(p)).setErrorCode(error(p)));
                    d.results().add(x);
                }
                return new DeleteShareGroupStateResponse(d);
            }
            case "read": {
                var d = new ReadShareGroupStateResponseData();
                for (JsonNode t : results) {
                    var x = new ReadShareGroupStateResponseData.ReadStateResult().setTopicId(topic(t));
                    for (JsonNode p : t.get("partitions")) x.partitions().add(read(p));
                    d.results().add(x);
                }
                return new ReadShareGroupStateResponse(d);
            }
            case "summary": {
                var d = new ReadShareGroupStateSummaryResponseData();
                for (JsonNode t : results) {
                    var x = new ReadShareGroupStateSummaryResponseData.ReadStateSummaryResult().setTopicId(topic(t));
                    for (JsonNode p : t.get("partitions"))
                        x.partitions().add(new ReadShareGroupStateSummaryResponseData.PartitionResult().setPartition(partition(p)).setErrorCode(error(p))
                            .setStateEpoch(J.i(p, "stateEpoch", 0)).setLeaderEpoch(J.i(p, "leaderEpoch", 0))
                            .setStartOffset(J.l(p, "startOffset", -1)).setDeliveryCompleteCount(J.i(p, "deliveryCompleteCount", -1)));
                    d.results().add(x);
                }
                return new ReadShareGroupStateSummaryResponse(d);
            }
            default:
                return lookup(q, node);
        }
    }

    private Uuid topic(JsonNode t) {
        return idOf.get(J.s(t, "topic"));
    }

    private static int partition(JsonNode p) {
        return p.get("partition").asInt();
    }

    private static short error(JsonNode p) {
        return p.hasNonNull("error") ? Errors.valueOf(p.get("error").asText()).code() : 0;
    }

    private static ReadShareGroupStateResponseData.PartitionResult read(JsonNode p) {
        var result = new ReadShareGroupStateResponseData.PartitionResult().setPartition(partition(p)).setErrorCode(error(p))
            .setStateEpoch(J.i(p, "stateEpoch", 0)).setStartOffset(J.l(p, "startOffset", -1));
        if (p.hasNonNull("batches")) for (JsonNode b : p.get("batches"))
            result.stateBatches().add(new ReadShareGroupStateResponseData.StateBatch().setFirstOffset(b.get(0).asLong())
                .setLastOffset(b.get(1).asLong()).setDeliveryState((byte) b.get(2).asInt()).setDeliveryCount((short) b.get(3).asInt()));
        return result;
    }

    private static FindCoordinatorResponse lookup(JsonNode q, IntFunction<Node> node) {
        var d = new FindCoordinatorResponseData();
        for (JsonNode c : q.get("coordinators")) {
            Node n = c.hasNonNull("node") ? node.apply(c.get("node").asInt()) : Node.noNode();
            d.coordinators().add(new FindCoordinatorResponseData.Coordinator().setKey("").setErrorCode(error(c)).setNodeId(n.id())
                .setHost(n.host()).setPort(n.port()));
        }
        return new FindCoordinatorResponse(d);
    }

    /** The entries of a request: topics by name, partitions as they stand. */
    static List<Map<String, Object>> entries(List<?> topics, Map<Uuid, String> nameOf) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Object topic : topics) {
            List<Map<String, Object>> partitions = new ArrayList<>();
            for (Object partition : (List<?>) R.call(topic, "partitions")) {
                Map<String, Object> entry = J.obj("partition", R.call(partition, "partition"));
                for (String name : List.of("stateEpoch", "leaderEpoch", "startOffset", "deliveryCompleteCount"))
                    if (R.has(partition, name)) entry.put(name, R.call(partition, name));
                if (R.has(partition, "stateBatches"))
                    entry.put("batches", ((List<?>) R.call(partition, "stateBatches")).stream().map(b -> List.of(R.call(b, "firstOffset"),
                        R.call(b, "lastOffset"), R.call(b, "deliveryState"), R.call(b, "deliveryCount"))).toList());
                partitions.add(entry);
            }
            shown.add(J.obj("topic", nameOf.get((Uuid) R.call(topic, "topicId")), "partitions", partitions));
        }
        shown.sort(Comparator.comparing(t -> (String) t.get("topic")));
        return shown;
    }

    /** The results of a call, by topic and partition; only those without error have more than that. */
    static List<Map<String, Object>> shown(String api, List<?> topics, Map<Uuid, String> nameOf) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Object t : topics) {
            TopicData<?> topic = (TopicData<?>) t;
            for (Object p : topic.partitions()) {
                short code = (Short) R.call(p, "errorCode");
                Map<String, Object> one = J.obj("topic", nameOf.get(topic.topicId()), "partition", ((PartitionIdData) p).partition(), "error", J.error(code));
                if (code == 0) data(api, p, one);
                shown.add(one);
            }
        }
        shown.sort(Comparator.comparing((Map<String, Object> m) -> (String) m.get("topic")).thenComparing(m -> (Integer) m.get("partition")));
        return shown;
    }

    private static void data(String api, Object p, Map<String, Object> one) {
        if (api.equals("read")) {
            PartitionAllData all = (PartitionAllData) p;
            one.put("stateEpoch", all.stateEpoch());
            one.put("startOffset", all.startOffset());
            one.put("batches", J.batches(all.stateBatches()));
        } else if (api.equals("summary")) {
            PartitionStateSummaryData summary = (PartitionStateSummaryData) p;
            one.put("stateEpoch", summary.stateEpoch());
            one.put("leaderEpoch", summary.leaderEpoch());
            one.put("startOffset", summary.startOffset());
            one.put("deliveryCompleteCount", summary.deliveryCompleteCount());
        }
    }
}
