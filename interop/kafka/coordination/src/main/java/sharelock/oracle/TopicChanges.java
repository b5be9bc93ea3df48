package sharelock.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import java.util.List;
import java.util.Map;

/** The topics of a metadata request: {"create": {name: partitions}, "grow": {name: newCount}, "delete": [name]}, all optional. */
public final class TopicChanges {
    private TopicChanges() { }

    /** Adds to a delta over `old` the records that a controller would have written. */
    public static void replay(JsonNode q, MetadataImage old, Map<String, Uuid> idOf, MetadataDelta delta) {
        if (q.hasNonNull("create")) q.get("create").fields().forEachRemaining(e -> {
            Uuid topic = idOf.get(e.getKey());
            delta.replay(new TopicRecord().setName(e.getKey()).setTopicId(topic));
            addPartitions(delta, topic, 0, e.getValue().asInt());
        });
        if (q.hasNonNull("grow")) q.get("grow").fields().forEachRemaining(e ->
            addPartitions(delta, idOf.get(e.getKey()), old.topics().getTopic(e.getKey()).partitions().size(),
                e.getValue().asInt()));
        if (q.hasNonNull("delete")) for (JsonNode t : q.get("delete"))
            delta.replay(new RemoveTopicRecord().setTopicId(idOf.get(t.asText())));
    }

    private static void addPartitions(MetadataDelta delta, Uuid topic, int from, int to) {
        for (int i = from; i < to; i++)
            delta.replay(new PartitionRecord().setTopicId(topic).setPartitionId(i).setReplicas(List.of(0))
                .setIsr(List.of(0)).setLeader(0).setLeaderEpoch(0).setPartitionEpoch(0));
    }
}
