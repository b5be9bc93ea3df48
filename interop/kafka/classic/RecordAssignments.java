import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
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
 * Draws consumer groups, lets each live through some generations, asks Kafka's assignors in each, and prints one line of JSON per generation:
 * how many partitions the topics t0, t1, ... have, in which racks their replicas are if some member has a rack, what the members tell, and what
 * each assignor gives to each, or the exception that it throws. Members m0, m1, ..., racks r0, r1, ... and instances i0, i1, ... are told by their numbers, too.
 *
 * <pre>java -cp 'LIB/*' RecordAssignments.java SEED COUNT</pre>
 */
public final class RecordAssignments {
    private static final Comparator<TopicPartition> ORDER =
        Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);
    private static final int RACKS = 3;

    /** What a member will tell when it joins the next generation. */
    private static final class Member {
        List<String> topics;
        TreeSet<TopicPartition> owned = new TreeSet<>(ORDER);
        int generation = -1;
        Optional<String> rack = Optional.empty();
        Optional<String> instance = Optional.empty();

        Subscription subscription() {
            Subscription told = new Subscription(topics, null, new ArrayList<>(owned), generation, rack);
            told.setGroupInstanceId(instance);
            return told;
        }
    }

    private final Random random;
    /** Of each topic, for each partition the racks of its replicas. */
    private final TreeMap<String, List<List<String>>> topics = new TreeMap<>();
    private final TreeMap<String, Member> members = new TreeMap<>();
    private final boolean sameTopics;
    private final boolean inRacks;
    private final boolean areStatic;
    private final int mostMembers;
    private final int mostPartitions;
    private int generation = 3;

    private RecordAssignments(Random random) {
        this.random = random;
        sameTopics = random.nextInt(3) == 0;
        inRacks = random.nextInt(2) == 0;
        areStatic = random.nextInt(4) == 0;
        mostMembers = 1 + random.nextInt(8);
        mostPartitions = random.nextInt(4) == 0 ? 1 + random.nextInt(40) : 1 + random.nextInt(6);
        int usual = 1 + random.nextInt(mostPartitions);
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            List<List<String>> partitions = new ArrayList<>();
            topics.put("t" + topics.size(), partitions);
            int count = random.nextInt(8) == 0 ? 0 : random.nextInt(2) == 0 ? usual : 1 + random.nextInt(mostPartitions);
            while (partitions.size() < count) partitions.add(replicas());
        }
        for (int i = 1 + random.nextInt(mostMembers); i > 0; i--) join();
        if (random.nextInt(3) == 0) members.values().forEach(this::claimAnything);
    }

    public static void main(String[] arguments) {
        Random random = new Random(Long.parseLong(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        while (count > 0) {
            RecordAssignments group = new RecordAssignments(random);
            for (int i = 1 + random.nextInt(8); i > 0 && count > 0; i--) {
                if (!group.members.isEmpty()) {
                    System.out.println(group.lineOfAGeneration());
                    count--;
                }
                group.change();
            }
        }
    }

    // ---------------------------------------------------------------- what changes between generations

    private void change() {
        for (int i = random.nextInt(3); i > 0; i--) {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3, 4, 5, 6 -> join();
                case 7, 8, 9 -> members.remove("m" + random.nextInt(10));
                case 10, 11, 12 -> members.values().stream().skip(random.nextInt(members.size() + 1)).findFirst().ifPresent(m -> m.topics = subscribed());
                case 13, 14, 15 -> topics.get("t" + random.nextInt(topics.size())).add(replicas());
                case 16 -> createAgain(topics.get("t" + random.nextInt(topics.size())));
                default -> members.values().stream().skip(random.nextInt(members.size() + 1)).findFirst().ifPresent(this::claimAnything);
            }
        }
    }

    /** With fewer partitions: who held one of them claims partitions that are no more. */
    private void createAgain(List<List<String>> partitions) {
        int count = random.nextInt(partitions.size() + 1);
        partitions.subList(count, partitions.size()).clear();
    }

    private void join() {
        if (members.size() >= mostMembers) return;
        Member member = new Member();
        member.topics = subscribed();
        if (inRacks && random.nextInt(8) > 0) member.rack = Optional.of("r" + random.nextInt(RACKS + 1));
        String instance = "i" + random.nextInt(10);
        boolean taken = members.values().stream().anyMatch(other -> other.instance.equals(Optional.of(instance)));
        if (areStatic && !taken && random.nextInt(3) > 0) member.instance = Optional.of(instance);
        members.putIfAbsent("m" + random.nextInt(10), member);
    }

    private List<String> subscribed() {
        return topics.keySet().stream().filter(topic -> sameTopics || random.nextInt(3) > 0).toList();
    }

    private List<String> replicas() {
        TreeSet<String> racks = new TreeSet<>();
        for (int i = inRacks ? 1 + random.nextInt(3) : 0; i > 0; i--) racks.add("r" + random.nextInt(RACKS));
        return List.copyOf(racks);
    }

    /** As a member does that was away, was left behind, or whose topics are new: others claim the same, perhaps. */
    private void claimAnything(Member member) {
        member.generation = random.nextInt(6) == 0 ? -1 : generation - random.nextInt(2);
        member.owned.clear();
        for (int i = random.nextInt(7); i > 0; i--) {
            String topic = "t" + random.nextInt(topics.size());
            int count = topics.get(topic).size();
            if (count > 0) member.owned.add(new TopicPartition(topic, random.nextInt(count)));
        }
    }

    /** Most members hear what they got; some do not, and come back with what they had; some lost everything. */
    private void hear(Map<String, Assignment> assigned) {
        generation++;
        members.forEach((id, member) -> {
            int fate = random.nextInt(16);
            if (fate == 0) return;
            member.generation = fate == 1 ? -1 : generation;
            member.owned.clear();
            if (fate > 1) member.owned.addAll(assigned.get(id).partitions());
        });
    }

    // ---------------------------------------------------------------- Kafka's answers

    private String lineOfAGeneration() {
        String told = members.entrySet().stream().map(entry -> text(entry.getKey(), entry.getValue())).collect(Collectors.joining(",", "[", "]"));
        String line = "{\"partitions\":" + list(topics.values().stream().map(List::size).toList())
            + (inRacks ? ",\"racks\":" + racks() : "") + ",\"members\":" + told + ",\"range\":" + text(assigned(new RangeAssignor()));
        try {
            Map<String, Assignment> sticky = assigned(new CooperativeStickyAssignor());
            hear(sticky);
            return line + ",\"sticky\":" + text(sticky) + "}";
        } catch (RuntimeException e) {
            return line + ",\"sticky\":\"" + e.getClass().getSimpleName() + "\"}";
        }
    }

    private Map<String, Assignment> assigned(ConsumerPartitionAssignor assignor) {
        List<PartitionInfo> infos = new ArrayList<>();
        topics.forEach((topic, partitions) -> {
            for (int i = 0; i < partitions.size(); i++) {
                Node[] replicas = partitions.get(i).stream().map(rack -> new Node(rack.hashCode(), "host", 9092, rack)).toArray(Node[]::new);
                infos.add(new PartitionInfo(topic, i, null, replicas, replicas));
            }
        });
        TreeMap<String, Subscription> told = new TreeMap<>();
        members.forEach((id, member) -> told.put(id, member.subscription()));
        Cluster cluster = new Cluster("cluster", List.of(), infos, Set.of(), Set.of());
        return new TreeMap<>(assignor.assign(cluster, new GroupSubscription(told)).groupAssignment());
    }

    // ---------------------------------------------------------------- JSON

    private static String text(String id, Member member) {
        return "{\"id\":" + number(id) + ",\"topics\":" + list(member.topics.stream().map(RecordAssignments::number).toList())
            + ",\"owned\":" + text(member.owned) + ",\"generation\":" + member.generation
            + member.rack.map(rack -> ",\"rack\":" + number(rack)).orElse("")
            + member.instance.map(instance -> ",\"instance\":" + number(instance)).orElse("") + "}";
    }

    private static String text(Map<String, Assignment> assigned) {
        return list(assigned.values().stream().map(assignment -> text(assignment.partitions())).toList());
    }

    private static String text(Collection<TopicPartition> partitions) {
        return list(partitions.stream().sorted(ORDER).map(each -> "[" + number(each.topic()) + "," + each.partition() + "]").toList());
    }

    private String racks() {
        return list(topics.values().stream().map(partitions ->
            list(partitions.stream().map(racks -> list(racks.stream().map(RecordAssignments::number).toList())).toList())).toList());
    }

    private static String number(String name) {
        return name.substring(1);
    }

    private static String list(Collection<?> elements) {
        return elements.stream().map(Object::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
