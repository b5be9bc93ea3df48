import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Draws consumer groups, asks Kafka's assignors, and prints one line of JSON each. Topics are called t0, t1, ..., members m0, m1, ...
 * The sticky assignor is asked where all members subscribe to the same topics.
 *
 * <pre>java -cp 'LIB/*' RecordAssignments.java SEED COUNT</pre>
 */
public final class RecordAssignments {
    private static final Comparator<TopicPartition> ORDER =
        Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final Random random;
    private final TreeMap<String, Integer> partitions = new TreeMap<>();
    private final TreeMap<String, Subscription> members = new TreeMap<>();
    private final boolean sameTopics;

    private RecordAssignments(Random random) {
        this.random = random;
        sameTopics = random.nextInt(3) > 0;
        int memberCount = 1 + random.nextInt(5);
        int topics = 1 + random.nextInt(3);
        for (int i = 0; i < topics; i++) partitions.put("t" + i, random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(7));
        for (int i = 0; i < memberCount; i++) members.put("m" + i, subscription());
    }

    public static void main(String[] arguments) {
        Random random = new Random(Long.parseLong(arguments[0]));
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) System.out.println(new RecordAssignments(random).line());
    }

    private Subscription subscription() {
        List<String> topics = partitions.keySet().stream().filter(topic -> sameTopics || random.nextInt(3) > 0).toList();
        int generation = random.nextInt(6) == 0 ? -1 : 3 + random.nextInt(2);
        TreeSet<TopicPartition> owned = new TreeSet<>(ORDER);
        for (int i = random.nextInt(4) > 0 ? random.nextInt(7) : 0; i > 0; i--) {
            String topic = "t" + random.nextInt(partitions.size());
            if (partitions.get(topic) > 0) owned.add(new TopicPartition(topic, random.nextInt(partitions.get(topic))));
        }
        return new Subscription(topics, null, new ArrayList<>(owned), generation, Optional.empty());
    }

    private String line() {
        String told = members.values().stream().map(member -> "{\"topics\":"
            + list(member.topics().stream().map(topic -> topic.substring(1)).toList()) + ",\"owned\":" + text(member.ownedPartitions())
            + ",\"generation\":" + member.generationId().orElse(-1) + "}").collect(Collectors.joining(","));
        return "{\"partitions\":" + list(partitions.values()) + ",\"members\":[" + told + "],\"range\":" + assigned(new RangeAssignor())
            + (sameTopics ? ",\"sticky\":" + assigned(new CooperativeStickyAssignor()) : "") + "}";
    }

    private String assigned(ConsumerPartitionAssignor assignor) {
        List<PartitionInfo> infos = new ArrayList<>();
        partitions.forEach((topic, count) -> {
            for (int i = 0; i < count; i++) infos.add(new PartitionInfo(topic, i, null, null, null));
        });
        Cluster cluster = new Cluster("cluster", List.of(), infos, Set.of(), Set.of());
        Map<String, Assignment> result = assignor.assign(cluster, new GroupSubscription(members)).groupAssignment();
        return list(new TreeMap<>(result).values().stream().map(assignment -> text(assignment.partitions())).toList());
    }

    private static String text(Collection<TopicPartition> partitions) {
        return list(partitions.stream().sorted(ORDER).map(each -> "[" + each.topic().substring(1) + "," + each.partition() + "]").toList());
    }

    private static String list(Collection<?> elements) {
        return elements.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
