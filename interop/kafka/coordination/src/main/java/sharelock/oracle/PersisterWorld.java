package sharelock.oracle;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteShareGroupStateRequestData;
import org.apache.kafka.common.message.InitializeShareGroupStateRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateRequestData;
import org.apache.kafka.common.message.ReadShareGroupStateSummaryRequestData;
import org.apache.kafka.common.message.WriteShareGroupStateRequestData;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.share.SharePartitionKey;
import org.apache.kafka.server.share.persister.DefaultStatePersister;
import org.apache.kafka.server.share.persister.DeleteShareGroupStateParameters;
import org.apache.kafka.server.share.persister.InitializeShareGroupStateParameters;
import org.apache.kafka.server.share.persister.PersisterStateManager;
import org.apache.kafka.server.share.persister.PersisterStateManager.PersisterStateManagerHandler;
import org.apache.kafka.server.share.persister.ReadShareGroupStateParameters;
import org.apache.kafka.server.share.persister.ReadShareGroupStateSummaryParameters;
import org.apache.kafka.server.share.persister.ShareCoordinatorMetadataCacheHelper;
import org.apache.kafka.server.share.persister.WriteShareGroupStateParameters;
import org.apache.kafka.server.util.timer.Timer;
import org.apache.kafka.server.util.timer.TimerTask;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** The real DefaultStatePersister and PersisterStateManager; the sender's thread, the network, clock and chance belong to the script. */
final class PersisterWorld {
    private static final long NOMINAL_MS = 1000;
    private static final List<String> VERBS = List.of("initialize", "write", "read", "summary", "delete");

    private static final Comparator<ScriptedClient.Open> IN_ITERATION =
        Comparator.comparingInt((ScriptedClient.Open o) -> VERBS.indexOf(api(o))).thenComparing(o -> group(o));

    /** A back-off: which handler is to be queued again, and when by the script's jitter. */
    private record Due(long at, long handler, TimerTask task) { }

    /** An event, and its place among those of one iteration whose order is that of hash tables. */
    private record Event(int kind, long number, Map<String, Object> shown) { }

    private final Map<String, Uuid> idOf = new HashMap<>();
    private final Map<Uuid, String> nameOf = new HashMap<>();
    private final StateRequests requests = new StateRequests(idOf, nameOf);
    private final PersisterResponses responses = new PersisterResponses(idOf);
    private final ScriptedClient client = new ScriptedClient();
    private final PersisterStateManager manager;
    private final DefaultStatePersister persister;
    private Object sender;
    private final Collection<?> queue;
    private final Map<Object, Long> handlers = new IdentityHashMap<>();
    private final List<Due> backoffs = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final int statePartitions;
    private final Clock time;
    private int jitter = 1000;
    private int draw;
    private List<Node> nodes = List.of();
    private List<Node> leaders;
    private long nextHandler = 1;
    private long nextRequest = 1;
    private long nextCall = 1;
    /** Nothing is told: only the classes are to work. */
    private boolean quiet;

    PersisterWorld(JsonNode q) {
        q.get("topicIds").fields().forEachRemaining(e -> {
            idOf.put(e.getKey(), J.uuid(e.getValue().asText()));
            nameOf.put(J.uuid(e.getValue().asText()), e.getKey());
        });
        statePartitions = J.i(q, "numPartitions", 1);
        metadata(q);
        time = new Clock(J.l(q, "now", 0));
        manager = new PersisterStateManager((KafkaClient) client, new Cache(), time, new BackoffTimer());
        ((AtomicBoolean) R.get(manager, "isStarted")).set(true);  // Without the sender's thread.
        sender = R.get(manager, "sender");
        queue = (Collection<?>) R.get(sender, "queue");
        R.set(sender, "random", new Random() {
            @Override
            public int nextInt(int bound) {
                return draw % bound;
            }
        });
        persister = (DefaultStatePersister) R.make(DefaultStatePersister.class, manager);
    }

    // ----- surroundings

    private final class Clock extends VirtualTime {
        Clock(long now) {
            super(now);
        }

        @Override
        public long milliseconds() {
            orderUnsent();
            return now;
        }
    }

    private static Node node(int id) {
        return new Node(id, "b" + id, 9000 + id);
    }

    private void metadata(JsonNode q) {
        List<Node> alive = new ArrayList<>();
        if (q.hasNonNull("nodes")) for (JsonNode n : q.get("nodes")) alive.add(node(n.asInt()));
        nodes = alive;
        leaders = null;
        if (!q.hasNonNull("leaders")) return;
        leaders = new ArrayList<>();
        for (JsonNode n : q.get("leaders")) leaders.add(n.isNull() ? Node.noNode() : node(n.asInt()));
    }

    private final class Cache implements ShareCoordinatorMetadataCacheHelper {
        @Override
        public boolean containsTopic(String topic) {
            return leaders != null;
        }

        @Override
        public Node getShareCoordinator(SharePartitionKey key, String topic) {
            int partition = Utils.abs(key.asCoordinatorKey().hashCode()) % statePartitions;
            return leaders != null && partition < leaders.size() ? leaders.get(partition) : Node.noNode();
        }

        @Override
        public List<Node> getClusterNodes() {
            return nodes;
        }
    }

    private final class BackoffTimer implements Timer {
        @Override
        public void add(TimerTask task) {
            long handler = handlers.get(R.get(task, "handler"));
            Object attempt = attempt(task.delayMs);
            long at = time.now + (attempt instanceof Integer i ? Math.min(30_000, (NOMINAL_MS << i) * jitter / 1000) : task.delayMs);
            backoffs.add(new Due(at, handler, task));
            backoffs.sort(Comparator.comparingLong(Due::at).thenComparingLong(Due::handler));
            if (!quiet) events.add(new Event(1, handler, J.obj("e", "backoff", "handler", handler, "attempt", attempt, "due", at)));
        }

        /** The attempt whose drawn wait this can be: the ranges do not meet. Otherwise the wait. */
        private static Object attempt(long delayMs) {
            for (int i = 1; i < 5; i++)
                if (delayMs >= (NOMINAL_MS << i) * 8 / 10 && delayMs < (NOMINAL_MS << i) * 12 / 10) return i;
            return delayMs + " ms";
        }

        @Override
        public boolean advanceClock(long timeoutMs) {
            return false;
        }

        @Override
        public int size() {
            return backoffs.size();
        }

        @Override
        public void close() { }
    }

    // ----- requests

    Step decode(String verb, JsonNode q) {
        Step work = work(verb, q);
        int wanted = J.i(q, "jitter", 1000);
        return out -> {
            quiet = out == null;
            jitter = wanted;
            events.clear();
            work.run(out);
            if (quiet) return;
            out.put("events", events.stream().map(Event::shown).toList());
            out.put("state", state());
        };
    }

    private Step work(String verb, JsonNode q) {
        switch (verb) {
            case "new":
                return out -> { };
            case "call":
                return call(J.s(q, "api"), q);
            case "metadata":
                return out -> metadata(q);
            case "node": {
                int node = q.get("node").asInt();
                ScriptedClient.Connection connection = ScriptedClient.Connection.valueOf(J.s(q, "connection").toUpperCase(Locale.ROOT));
                return out -> client.connect(node, connection);
            }
            case "send": {
                int wanted = J.i(q, "draw", 0);
                return out -> {
                    draw = wanted;
                    send();
                };
            }
            case "answer":
                return answer(q);
            case "advance": {
                long ms = q.get("ms").asLong();
                return out -> advance(time.now + ms);
            }
            default:
                throw new IllegalArgumentException("unknown op persister." + verb);
        }
    }

    private Step call(String api, JsonNode q) {
        Object data = requests.data(api, q);
        return out -> {
            CompletableFuture<?> future = begin(data);
            for (Object handler : queue) if (!handlers.containsKey(handler)) handlers.put(handler, nextHandler++);
            long call = nextCall++;
            if (quiet) return;
            future.whenComplete((result, thrown) -> events.add(new Event(2, call, thrown == null
                ? J.obj("e", "done", "call", call, "results", PersisterResponses.shown(api, (List<?>) R.call(result, "topicsData"), nameOf))
                : J.obj("e", "done", "call", call, "exception", thrown.getClass().getSimpleName()))));
            out.put("call", call);
        };
    }

    private CompletableFuture<?> begin(Object data) {
        if (data instanceof InitializeShareGroupStateRequestData d) return persister.initializeState(InitializeShareGroupStateParameters.from(d));
        if (data instanceof WriteShareGroupStateRequestData d) return persister.writeState(WriteShareGroupStateParameters.from(d));
        if (data instanceof ReadShareGroupStateRequestData d) return persister.readState(ReadShareGroupStateParameters.from(d));
        if (data instanceof ReadShareGroupStateSummaryRequestData d) return persister.readSummary(ReadShareGroupStateSummaryParameters.from(d));
        return persister.deleteState(DeleteShareGroupStateParameters.from((DeleteShareGroupStateRequestData) data));
    }

    /** One iteration of the sender. Where hash tables decide on an order, here it is ascending. */
    private void send() {
        client.created.clear();
        client.iteration++;
        R.call(sender, "doWork");
        client.created.sort(Comparator.comparingInt((ScriptedClient.Open o) -> o.node).thenComparing(IN_ITERATION));
        for (ScriptedClient.Open request : client.created) {
            request.id = nextRequest++;
            if (quiet) continue;
            Object data = R.get(request.builder, "data");
            Map<String, Object> shown = J.obj("e", "request", "id", request.id, "node", request.node, "api", api(request));
            if (api(request).equals("lookup")) {
                shown.put("keyType", (int) (Byte) R.call(data, "keyType"));
                shown.put("key", R.call(data, "key"));
            } else {
                shown.put("group", group(request));
                shown.put("topics", PersisterResponses.entries((List<?>) R.call(data, "topics"), nameOf));
            }
            events.add(new Event(0, request.id, shown));
        }
        events.sort(Comparator.comparingInt(Event::kind).thenComparingLong(Event::number));
    }

    /** The order in which requests of one iteration stand in the queue of their node is that of hash tables, too. The sender asks for the time between
     *  putting them there and looking at them. */
    private void orderUnsent() {
        if (sender == null) return;
        for (Object queued : ((Map<?, ?>) R.get(R.get(sender, "unsentRequests"), "unsent")).values()) {
            @SuppressWarnings("unchecked")
            Deque<ClientRequest> unsent = (Deque<ClientRequest>) queued;
            if (unsent.size() < 2) continue;
            List<ClientRequest> ordered = new ArrayList<>(unsent);
            ordered.sort(Comparator.comparing(client::find, Comparator.comparingLong((ScriptedClient.Open o) -> o.iteration).thenComparing(IN_ITERATION)));
            unsent.clear();
            unsent.addAll(ordered);
        }
    }

    private static String api(ScriptedClient.Open request) {
        return switch (request.builder.apiKey()) {
            case INITIALIZE_SHARE_GROUP_STATE -> "initialize";
            case WRITE_SHARE_GROUP_STATE -> "write";
            case READ_SHARE_GROUP_STATE -> "read";
            case READ_SHARE_GROUP_STATE_SUMMARY -> "summary";
            case DELETE_SHARE_GROUP_STATE -> "delete";
            default -> "lookup";
        };
    }

    private static String group(ScriptedClient.Open request) {
        return api(request).equals("lookup") ? "" : (String) R.call(R.get(request.builder, "data"), "groupId");
    }

    private Step answer(JsonNode q) {
        long which = q.get("which").asLong();
        String failed = J.s(q, "failed");
        Map<String, AbstractResponse> bodies = failed == null ? responses.bodies(q, VERBS, PersisterWorld::node) : Map.of();
        return out -> {
            ScriptedClient.Open to = client.open.stream().filter(o -> o.id == which && o.sent).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such request"));
            if (failed == null && !bodies.containsKey(api(to))) throw new IllegalArgumentException("coordinators");
            client.answer(to, failed, bodies.get(api(to)), time.now);
        };
    }

    private void advance(long to) {
        while (!backoffs.isEmpty() && backoffs.get(0).at <= to) {
            Due due = backoffs.remove(0);
            time.now = Math.max(time.now, due.at);
            due.task.run();
        }
        time.now = to;
    }

    // ----- what can be seen

    private Map<String, Object> state() {
        List<Object> buckets = new ArrayList<>();
        nodeMap().forEach((node, byType) -> byType.forEach((type, byGroup) -> byGroup.forEach((group, list) -> {
            if (!list.isEmpty()) buckets.add(List.of(node.id(), verb(type), group, list.stream().map(handlers::get).toList()));
        })));
        List<Object> inFlight = new ArrayList<>();
        ((Map<?, Set<Node>>) R.get(manager, "inFlight")).forEach((type, busy) -> busy.forEach(node -> inFlight.add(List.of(node.id(), verb(type)))));
        sort(buckets);
        sort(inFlight);
        return J.obj("queue", queue.stream().map(handlers::get).toList(), "buckets", buckets, "inFlight", inFlight,
            "handlers", handlers.entrySet().stream().filter(e -> !((CompletableFuture<?>) R.call(e.getKey(), "result")).isDone())
                .sorted(Map.Entry.comparingByValue()).map(e -> handler(e.getKey(), e.getValue())).toList(),
            "requests", client.open.stream().sorted(Comparator.comparingLong(o -> o.id)).map(o -> List.of(o.id, o.node, o.sent)).toList(),
            "backoffs", backoffs.stream().map(d -> List.of(d.handler, d.at)).toList());
    }

    @SuppressWarnings("unchecked")
    private Map<Node, Map<Object, Map<String, List<Object>>>> nodeMap() {
        return (Map<Node, Map<Object, Map<String, List<Object>>>>) R.get(manager, "nodeRPCMap");
    }

    private static String verb(Object type) {
        return type.toString().toLowerCase(Locale.ROOT);
    }

    /** By node, then by kind of request, then by group. */
    private static void sort(List<Object> rows) {
        rows.sort(Comparator.comparing((Object row) -> (Integer) ((List<?>) row).get(0)).thenComparing(row -> VERBS.indexOf(((List<?>) row).get(1)))
            .thenComparing(row -> String.valueOf(((List<?>) row).size() > 2 ? ((List<?>) row).get(2) : "")));
    }

    /** Number, coordinator, attempts of the request, look-ups since the last that succeeded. */
    private static List<Object> handler(Object handler, long number) {
        Node node = ((PersisterStateManagerHandler) handler).getCoordinatorNode();
        List<Object> row = new ArrayList<>();
        row.add(number);
        row.add(node == null ? null : node.id());
        for (Field field : handler.getClass().getDeclaredFields())
            if (field.getType().getSimpleName().equals("ExponentialBackoffManager")) row.add(R.call(R.get(handler, field.getName()), "attempts"));
        row.add(R.call(R.get(handler, "findCoordBackoff"), "attempts"));
        return row;
    }
}
