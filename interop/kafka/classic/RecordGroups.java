import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.common.runtime.CoordinatorTimer;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.GroupCoordinatorShard;
import org.apache.kafka.coordinator.group.classic.ClassicGroup;
import org.apache.kafka.coordinator.group.classic.ClassicGroupMember;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetricsShard;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.timeline.SnapshotRegistry;

import org.mockito.Mockito;
import org.mockito.invocation.InvocationOnMock;
import org.mockito.stubbing.Answer;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import sharelock.oracle.J;
import sharelock.oracle.R;

/**
 * Lets classic consumer groups live in Kafka's real group coordinator: draws what dynamic and static members ask, which timers fire, which writes
 * fail and when the coordinator moves, and prints one line of JSON per life: the configuration, and for each step what was asked, every answer
 * that it caused, what was written, and the state of the group and its timers after it.
 *
 * <p>The coordinator draws the ids of members, and goes through them in the order of a hash table. They are told by numbers that have that order.
 *
 * <pre>java -cp 'CLASSES:LIB/*' RecordGroups.java SEED LIVES</pre>
 * where {@code interop/kafka/coordination/oracle LINE --build} made both folders.
 */
public final class RecordGroups {
    private static final GroupCoordinatorRecordSerde SERDE = new GroupCoordinatorRecordSerde();
    private static final String GROUP = "g";
    private static final List<String> ASSIGNORS = List.of("range", "cooperative-sticky");
    private static final int STEPS = 40;

    // Mocks are made once: Mockito keeps each as long as what its answers refer to, which would be every life.
    private static RecordGroups current;
    private static final Time TIME = mock(Time.class, call -> switch (call.getMethod().getName()) {
        case "milliseconds", "hiResClockMs" -> current.now;
        case "nanoseconds" -> current.now * 1_000_000L;
        default -> throw new UnsupportedOperationException(call.toString());
    });
    private static final Object TIMER = mock(CoordinatorTimer.class, call -> current.timer(call));
    private static final Map<Integer, AuthorizableRequestContext> CONTEXTS = new TreeMap<>();
    private static final GroupCoordinatorMetricsShard METRICS = mock(GroupCoordinatorMetricsShard.class, call -> null);
    private static final Object EXECUTOR = mock(CoordinatorExecutor.class, call -> null);
    private static final GroupConfigManager GROUP_CONFIG = mock(GroupConfigManager.class, Mockito.RETURNS_DEFAULTS);

    private record Timeout(long at, Object operation) { }

    private record Write(List<CoordinatorRecord> records, int place, CompletableFuture<Void> written) { }

    private final Random random;
    private final Map<String, Object> configuration = new TreeMap<>();
    /** In order; what is being written is null until then, and forever if that fails. */
    private final List<CoordinatorRecord> log = new ArrayList<>();
    private final ArrayDeque<Write> writes = new ArrayDeque<>();
    private final List<Object> steps = new ArrayList<>();
    /** Of all members there ever were, in the order in which they came. */
    private final LinkedHashSet<String> ids = new LinkedHashSet<>();
    /** In which a hash table goes through the members, after each step. */
    private final List<List<String>> orders = new ArrayList<>();
    private Map<String, Timeout> timers = new TreeMap<>();
    private GroupCoordinatorShard shard;
    private Object manager;
    private long now;
    private int requests;
    private List<Object> answers = new ArrayList<>();
    private List<Object> records = new ArrayList<>();

    private RecordGroups(Random random) {
        this.random = random;
        current = this;
        configuration.put("group.initial.rebalance.delay.ms", random.nextInt(3) == 0 ? 0 : 3000);
        configuration.put("group.max.size", random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 100);
        start();
    }

    public static void main(String[] arguments) {
        Random random = new Random(Long.parseLong(arguments[0]));
        for (int lives = Integer.parseInt(arguments[1]); lives > 0; ) {
            String life = new RecordGroups(random).life();
            if (life.isEmpty()) continue;
            System.out.println(life);
            lives--;
        }
    }

    /** Of a request of some version: its answer may depend on that still when it comes later. */
    private static AuthorizableRequestContext context(int version) {
        return CONTEXTS.computeIfAbsent(version, v -> mock(AuthorizableRequestContext.class, call -> switch (call.getMethod().getName()) {
            case "clientId" -> "c";
            case "clientAddress" -> InetAddress.getLoopbackAddress();
            case "requestVersion" -> v;
            default -> null;
        }));
    }

    private static <T> T mock(Class<T> mocked, Answer<Object> answer) {
        return Mockito.mock(mocked, Mockito.withSettings().stubOnly().defaultAnswer(answer));
    }

    // ---------------------------------------------------------------- the coordinator

    private Object timer(InvocationOnMock call) {
        Object[] a = call.getArguments();
        String key = (String) a[0];
        switch (call.getMethod().getName()) {
            case "schedule", "scheduleIfAbsent" -> {
                Timeout timeout = new Timeout(now + ((TimeUnit) a[2]).toMillis((Long) a[1]), a[a.length - 1]);
                if (call.getMethod().getName().equals("schedule")) timers.put(key, timeout);
                else timers.putIfAbsent(key, timeout);
                return null;
            }
            case "cancel" -> {
                timers.remove(key);
                return null;
            }
            case "isScheduled" -> {
                return timers.containsKey(key);
            }
            default -> throw new UnsupportedOperationException(call.toString());
        }
    }

    private void start() {
        timers = new TreeMap<>();
        writes.clear();
        Object logContext = R.make(R.cls("org.apache.kafka.common.utils.LogContext", "org.apache.kafka.common.utils.internals.LogContext"));
        Object registry = R.make(SnapshotRegistry.class, logContext);
        GroupCoordinatorConfig config = new GroupCoordinatorConfig(new AbstractConfig(GroupCoordinatorConfig.CONFIG_DEF, configuration, false));
        Object builder = R.make(R.cls("org.apache.kafka.coordinator.group.GroupMetadataManager$Builder"));
        R.call(builder, "withLogContext", logContext);
        R.call(builder, "withSnapshotRegistry", registry);
        R.call(builder, "withTime", TIME);
        R.call(builder, "withTimer", TIMER);
        R.call(builder, "withExecutor", EXECUTOR);
        R.call(builder, "withConfig", config);
        R.call(builder, "withGroupConfigManager", GROUP_CONFIG);
        R.call(builder, "withGroupCoordinatorMetricsShard", METRICS);
        manager = R.call(builder, "build");
        Object offsets = R.make(R.cls("org.apache.kafka.coordinator.group.OffsetMetadataManager$Builder"));
        R.call(offsets, "withLogContext", logContext);
        R.call(offsets, "withSnapshotRegistry", registry);
        R.call(offsets, "withTime", TIME);
        R.call(offsets, "withGroupMetadataManager", manager);
        R.call(offsets, "withGroupCoordinatorConfig", config);
        R.call(offsets, "withGroupCoordinatorMetricsShard", METRICS);
        shard = (GroupCoordinatorShard) R.make(GroupCoordinatorShard.class, logContext, manager, R.call(offsets, "build"), TIME, TIMER, config,
            null, METRICS);
    }

    /** Another broker takes over: what was not written is lost. */
    private void failOver() {
        for (int i = writes.size(); i > 0; i--) written(Errors.NOT_COORDINATOR);
        R.call(manager, "onUnloaded");
        start();
        for (CoordinatorRecord record : log) if (record != null) replay(record);
        R.call(manager, "onLoaded");
    }

    private void replay(CoordinatorRecord record) {
        byte[] value = SERDE.serializeValue(record);
        shard.replay(0, -1L, (short) -1, SERDE.deserialize(ByteBuffer.wrap(SERDE.serializeKey(record)), value == null ? null : ByteBuffer.wrap(value)));
    }

    /** What nobody waits for is written at once; the rest is written, or not, in a later step. */
    private void append(CoordinatorResult<?, CoordinatorRecord> result) {
        result.records().forEach(this::show);
        if (result.appendFuture() == null) {
            for (CoordinatorRecord record : result.records()) {
                log.add(record);
                if (result.replayRecords()) replay(record);
            }
        } else if (result.records().isEmpty()) {
            result.appendFuture().complete(null);
        } else {
            writes.add(new Write(result.records(), log.size(), result.appendFuture()));
            result.records().forEach(record -> log.add(null));
        }
    }

    private void written(Errors error) {
        Write write = writes.remove();
        if (error == Errors.NONE) {
            for (int i = 0; i < write.records.size(); i++) log.set(write.place + i, write.records.get(i));
            write.written.complete(null);
        } else {
            write.written.completeExceptionally(error.exception());
        }
    }

    // ---------------------------------------------------------------- what happens next

    private String life() {
        for (int i = 0; i < STEPS; i++) {
            Map<String, Object> step = new LinkedHashMap<>();
            steps.add(step);
            answers = new ArrayList<>();
            records = new ArrayList<>();
            if (random.nextInt(4) == 0) now += random.nextInt(4000);
            act(step);
            step.put("now", now);
            if (!answers.isEmpty()) step.put("answers", answers);
            if (!records.isEmpty()) step.put("records", records);
            step.put("group", group());
        }
        return text(Map.of("configuration", configuration, "steps", steps));
    }

    private void act(Map<String, Object> step) {
        ClassicGroup group = classicGroup();
        int choice = random.nextInt(100);
        if (!writes.isEmpty() && random.nextInt(2) == 0) {
            Errors error = !canFail(group) || random.nextInt(4) > 0 ? Errors.NONE : random.nextInt(2) > 0 ? Errors.NOT_ENOUGH_REPLICAS : Errors.NOT_LEADER_OR_FOLLOWER;
            put(step, "op", "written", "error", error.name());
            written(error);
        } else if (group != null && group.stateAsString().equals("CompletingRebalance") && random.nextInt(2) == 0) {
            sync(step, any(group.allMemberIds()), group.generationId(), group.protocolName().orElse("range"), null);
        } else if (group != null && group.stateAsString().equals("PreparingRebalance") && random.nextInt(3) == 0) {
            joinAgain(step, group);
        } else if (group != null && group.stateAsString().equals("Stable") && random.nextInt(2) == 0) {
            switch (random.nextInt(3)) {
                case 0 -> heartbeat(step, group);
                case 1 -> commit(step, group);
                default -> join(step, "", instance());
            }
        } else if (choice < 12) {
            join(step, "", null);
        } else if (choice < 28) {
            join(step, "", instance());
        } else if (choice < 38) {
            join(step, someId(), random.nextInt(3) == 0 ? instance() : instanceOf(group));
        } else if (choice < 48) {
            joinAgain(step, group);
        } else if (choice < 56) {
            String id = someId();
            sync(step, id, someGeneration(group), ASSIGNORS.get(random.nextInt(2)), random.nextInt(2) == 0 ? null : instance());
        } else if (choice < 64) {
            heartbeat(step, group);
        } else if (choice < 73) {
            leave(step);
        } else if (choice < 81) {
            commit(step, group);
        } else if (choice < 96) {
            fire(step);
        } else if (choice < 98) {
            put(step, "op", "failOver");
            failOver();
        } else {
            put(step, "op", "delete");
            var result = shard.deleteGroups(context(2), List.of(GROUP));
            append(result);
            step.put("error", J.error(result.response().iterator().next().errorCode()));
        }
    }

    /**
     * If a static member took its place and has gone since, Kafka's class loses count of the assignors that members can do when that cannot be
     * written, and refuses members and elects otherwise from then on. So it does not fail here, nor while more is being written.
     */
    private boolean canFail(ClassicGroup group) {
        if (writes.size() > 1) return false;
        return writes.element().records.stream().allMatch(record -> record.value() == null || !(record.value().message() instanceof GroupMetadataValue value)
            || value.members().stream().allMatch(m -> m.groupInstanceId() == null || group != null && group.hasMember(m.memberId())));
    }

    private <T> T any(Collection<T> from) {
        return from.stream().skip(random.nextInt(from.size())).findFirst().orElseThrow();
    }

    private String instance() {
        return "i" + random.nextInt(3);
    }

    private String lastChosen = "";

    /** One that there is, mostly. */
    private String someId() {
        ClassicGroup group = classicGroup();
        if (group != null && group.numMembers() > 0 && random.nextInt(3) > 0) lastChosen = any(group.allMemberIds());
        else lastChosen = ids.isEmpty() ? "" : any(ids);
        return lastChosen;
    }

    /** Of who was chosen last, if it is static. */
    private String instanceOf(ClassicGroup group) {
        return group != null && group.hasMember(lastChosen) ? group.member(lastChosen).groupInstanceId().orElse(null) : null;
    }

    private int someGeneration(ClassicGroup group) {
        int generation = group == null ? 0 : group.generationId();
        return random.nextInt(4) > 0 ? generation : random.nextInt(2) > 0 ? -1 : generation - 1;
    }

    private void joinAgain(Map<String, Object> step, ClassicGroup group) {
        List<String> late = group == null ? List.of() : group.allMembers().stream().filter(m -> !m.isAwaitingJoin()).map(ClassicGroupMember::memberId).toList();
        List<String> pending = group == null ? List.of() : ids.stream().filter(group::isPendingMember).toList();
        if (late.isEmpty() && pending.isEmpty()) {
            join(step, "", null);
            return;
        }
        boolean isLate = pending.isEmpty() || !late.isEmpty() && random.nextInt(2) == 0;
        lastChosen = any(isLate ? late : pending);
        join(step, lastChosen, random.nextInt(8) == 0 ? null : instanceOf(group));
    }

    // ---------------------------------------------------------------- requests

    private void join(Map<String, Object> step, String member, String instance) {
        int version = List.of(3, 5, 9).get(random.nextInt(3));
        int session = random.nextInt(3) == 0 ? 10000 : 30000;
        int rebalance = random.nextInt(3) == 0 ? 5000 : 60000;
        JoinGroupRequestData request = new JoinGroupRequestData().setGroupId(GROUP).setMemberId(member).setGroupInstanceId(instance)
            .setSessionTimeoutMs(session).setRebalanceTimeoutMs(rebalance).setProtocolType("consumer").setProtocols(new JoinGroupRequestProtocolCollection());
        List<Object> told = new ArrayList<>();
        int first = random.nextInt(6) == 0 ? 1 : 0;
        for (int i = random.nextInt(4) == 0 ? 1 : 2; i > 0; i--, first = 1 - first) {
            List<String> topics = random.nextInt(4) == 0 ? List.of("t0", "t1") : List.of("t0");
            told.add(List.of(first, topics.size()));
            byte[] metadata = bytes(ConsumerProtocol.serializeSubscription(new Subscription(topics)));
            request.protocols().add(new JoinGroupRequestProtocol().setName(ASSIGNORS.get(first)).setMetadata(metadata));
        }
        put(step, "op", "join", "request", ++requests, "member", member, "instance", instance, "idFirst", version >= 4, "skips", version >= 9,
            "session", session, "rebalance", rebalance, "protocols", told);
        int number = requests;
        TreeSet<String> before = new TreeSet<>(ids);
        CompletableFuture<JoinGroupResponseData> answer = new CompletableFuture<>();
        answer.thenAccept(data -> answers.add(show(number, data)));
        try {
            Object result = R.has(shard, "classicGroupJoin") && hasFlag() ? R.call(shard, "classicGroupJoin", context(version), request, answer, true)
                : R.call(shard, "classicGroupJoin", context(version), request, answer);
            append(result(result));
        } catch (RuntimeException e) {
            answers.add(J.obj("request", number, "error", Errors.forException(e).name(), "member", member, "generation", -1, "skips", false,
                "members", Map.of()));
        }
        noteIds();
        ids.stream().filter(id -> !before.contains(id)).forEach(id -> step.put("proposed", id));
    }

    private boolean hasFlag() {
        for (var method : GroupCoordinatorShard.class.getMethods())
            if (method.getName().equals("classicGroupJoin") && method.getParameterCount() == 4) return true;
        return false;
    }

    @SuppressWarnings("unchecked")
    private static CoordinatorResult<?, CoordinatorRecord> result(Object result) {
        return (CoordinatorResult<?, CoordinatorRecord>) result;
    }

    private void noteIds() {
        ClassicGroup group = classicGroup();
        if (group == null) return;
        ids.addAll(group.allMemberIds());
        ids.addAll(new TreeSet<>((Collection<String>) R.get(group, "pendingJoinMembers")));
    }

    private void sync(Map<String, Object> step, String member, int generation, String assignor, String instance) {
        ClassicGroup group = classicGroup();
        lastChosen = member;
        if (instance == null && random.nextInt(8) > 0) instance = instanceOf(group);
        SyncGroupRequestData request = new SyncGroupRequestData().setGroupId(GROUP).setMemberId(member).setGroupInstanceId(instance)
            .setGenerationId(generation).setProtocolName(assignor).setProtocolType("consumer");
        TreeMap<String, Object> told = new TreeMap<>();
        if (group != null && group.isLeader(member)) {
            for (String id : group.allMemberIds()) if (random.nextInt(6) > 0) told.put(id, random.nextInt(10));
            told.forEach((id, number) -> request.assignments().add(
                new SyncGroupRequestAssignment().setMemberId(id).setAssignment(new byte[] {((Integer) number).byteValue()})));
        }
        put(step, "op", "sync", "request", ++requests, "member", member, "instance", instance, "generation", generation, "assignor", assignor,
            "assignments", told);
        int number = requests;
        CompletableFuture<SyncGroupResponseData> answer = new CompletableFuture<>();
        answer.thenAccept(data -> answers.add(J.obj("request", number, "error", J.error(data.errorCode()), "assignment", assigned(data.assignment()))));
        try {
            append(shard.classicGroupSync(context(5), request, answer));
        } catch (RuntimeException e) {
            answers.add(J.obj("request", number, "error", Errors.forException(e).name(), "assignment", -1));
        }
    }

    private void heartbeat(Map<String, Object> step, ClassicGroup group) {
        String member = someId();
        String instance = random.nextInt(6) == 0 ? instance() : instanceOf(group);
        int generation = someGeneration(group);
        put(step, "op", "heartbeat", "member", member, "instance", instance, "generation", generation);
        answer(step, () -> {
            var result = shard.classicGroupHeartbeat(context(4),
                new HeartbeatRequestData().setGroupId(GROUP).setMemberId(member).setGroupInstanceId(instance).setGenerationId(generation));
            append(result);
            return J.error(result.response().errorCode());
        });
    }

    private void leave(Map<String, Object> step) {
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(GROUP);
        List<Object> told = new ArrayList<>();
        for (int i = random.nextInt(4) == 0 ? 2 : 1; i > 0; i--) {
            String member = random.nextInt(3) == 0 ? "" : someId();
            String instance = member.isEmpty() || random.nextInt(4) == 0 ? instance() : instanceOf(classicGroup());
            told.add(nullable(member, instance));
            request.members().add(new MemberIdentity().setMemberId(member).setGroupInstanceId(instance));
        }
        put(step, "op", "leave", "members", told);
        answer(step, () -> {
            var result = shard.classicGroupLeave(context(5), request);
            append(result);
            step.put("errors", result.response().members().stream().map(m -> J.error(m.errorCode())).toList());
            return J.error(result.response().errorCode());
        });
    }

    private void commit(Map<String, Object> step, ClassicGroup group) {
        String member = random.nextInt(6) == 0 ? "" : someId();
        String instance = random.nextInt(6) == 0 ? instance() : instanceOf(group);
        int generation = member.isEmpty() && random.nextInt(2) == 0 ? -1 : someGeneration(group);
        put(step, "op", "commit", "member", member, "instance", instance, "generation", generation);
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(GROUP).setMemberId(member).setGroupInstanceId(instance)
            .setGenerationIdOrMemberEpoch(generation).setTopics(List.of(new OffsetCommitRequestTopic().setName("t0")
                .setPartitions(List.of(new OffsetCommitRequestPartition().setPartitionIndex(0).setCommittedOffset(requests)))));
        answer(step, () -> {
            var result = shard.commitOffset(context(9), request);
            append(result);
            return J.error(result.response().topics().get(0).partitions().get(0).errorCode());
        });
    }

    private interface Call {
        String error();
    }

    private void answer(Map<String, Object> step, Call call) {
        try {
            step.put("error", call.error());
        } catch (RuntimeException e) {
            step.put("error", Errors.forException(e).name());
        }
    }

    private void fire(Map<String, Object> step) {
        Optional<String> next = timers.keySet().stream().min(Comparator.comparing(key -> timers.get(key).at));
        put(step, "op", "timer");
        if (next.isEmpty()) return;
        Timeout due = timers.remove(next.get());
        now = Math.max(now, due.at);
        step.put("timer", timerName(next.get()));
        append(result(R.call(due.operation, "generateRecords")));
        noteIds();
    }

    // ---------------------------------------------------------------- JSON

    private ClassicGroup classicGroup() {
        return (ClassicGroup) ((Map<?, ?>) R.get(manager, "groups")).get(GROUP);
    }

    private static void put(Map<String, Object> step, Object... fields) {
        for (int i = 0; i < fields.length; i += 2) if (fields[i + 1] != null) step.put((String) fields[i], fields[i + 1]);
    }

    private static List<Object> nullable(Object... values) {
        return new ArrayList<>(Arrays.asList(values));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static int assigned(byte[] assignment) {
        return assignment.length == 0 ? -1 : assignment[0];
    }

    private static int topics(byte[] metadata) {
        return ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(metadata)).topics().size();
    }

    /** The timers of members go by the members' names, the others by their kind. */
    private static String timerName(String key) {
        if (key.contains("join")) return "join";
        if (key.contains("sync")) return "sync";
        return key.substring(key.indexOf("-" + GROUP + "-") + GROUP.length() + 2);
    }

    private Object show(int request, JoinGroupResponseData data) {
        if (!data.memberId().isEmpty()) ids.add(data.memberId());
        Map<String, Object> shown = J.obj("request", request, "error", J.error(data.errorCode()), "member", data.memberId(), "generation", data.generationId());
        put(shown, "assignor", data.protocolName(), "leader", data.leader(), "skips", data.skipAssignment());
        Map<String, Object> members = new TreeMap<>();
        data.members().forEach(m -> members.put(m.memberId(), nullable(m.groupInstanceId(), topics(m.metadata()))));
        shown.put("members", members);
        return shown;
    }

    private void show(CoordinatorRecord record) {
        String type = record.key().getClass().getSimpleName();
        if (!(record.value() != null && record.value().message() instanceof GroupMetadataValue value)) {
            records.add((record.value() == null ? "-" : "") + type.substring(0, type.length() - "Key".length()));
            return;
        }
        Map<String, Object> members = new TreeMap<>();
        value.members().forEach(m -> members.put(m.memberId(),
            nullable(m.groupInstanceId(), m.sessionTimeout(), m.rebalanceTimeout(), topics(m.subscription()), assigned(m.assignment()))));
        Map<String, Object> shown = J.obj("generation", value.generation());
        put(shown, "assignor", value.protocol(), "leader", value.leader(), "members", members);
        records.add(shown);
    }

    private Object group() {
        ClassicGroup group = classicGroup();
        if (group == null) return null;
        orders.add(List.copyOf(group.allMemberIds()));
        Map<String, Object> members = new TreeMap<>();
        for (ClassicGroupMember m : group.allMembers()) {
            List<Object> protocols = new ArrayList<>();
            m.supportedProtocols().forEach(p -> protocols.add(List.of(ASSIGNORS.indexOf(p.name()), topics(p.metadata()))));
            Map<String, Object> shown = J.obj("session", m.sessionTimeoutMs(), "rebalance", m.rebalanceTimeoutMs(), "protocols", protocols,
                "assignment", assigned(m.assignment()), "new", m.isNew(), "joins", m.isAwaitingJoin(), "syncs", m.isAwaitingSync());
            put(shown, "instance", m.groupInstanceId().orElse(null));
            members.put(m.memberId(), shown);
        }
        Map<String, Object> at = new TreeMap<>();
        timers.forEach((key, timeout) -> at.put(timerName(key), timeout.at));
        Map<String, Object> shown = J.obj("state", group.stateAsString(), "generation", group.generationId(), "members", members,
            "pending", ids.stream().filter(group::isPendingMember).toList(), "owing", new TreeSet<>(group.allPendingSyncMembers()), "timers", at);
        put(shown, "assignor", group.protocolName().orElse(null), "leader", group.leaderOrNull());
        return shown;
    }

    /**
     * Instead of the ids that Kafka drew, numbers that have the order in which a hash table of sixteen goes through them.
     * Empty if the table was larger at some time, or two ids that share a bucket came in another order.
     */
    private String text(Object life) {
        try {
            String text = J.MAPPER.writeValueAsString(life);
            List<String> inOrder = new ArrayList<>(ids);
            inOrder.sort(Comparator.comparing(id -> (id.hashCode() ^ id.hashCode() >>> 16) & 15));
            for (List<String> order : orders) {
                List<Integer> numbers = order.stream().map(inOrder::indexOf).toList();
                if (!numbers.equals(numbers.stream().sorted().toList())) return "";
            }
            for (int i = 0; i < inOrder.size(); i++) text = text.replace(inOrder.get(i), "m" + (i + 1));
            return text;
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
