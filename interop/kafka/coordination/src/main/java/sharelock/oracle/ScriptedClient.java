package sharelock.oracle;

import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.KafkaClient;
import org.apache.kafka.clients.LeastLoadedNode;
import org.apache.kafka.clients.RequestCompletionHandler;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The network of a broker: connections are as the script says, requests stay open until it answers them. */
final class ScriptedClient implements KafkaClient {
    enum Connection { UP, CONNECTING, FAILED, UNAUTHENTICATED }

    /** A request that is not answered. */
    static final class Open {
        long id = -1;
        final long iteration;
        final int node;
        final AbstractRequest.Builder<?> builder;
        ClientRequest request;
        boolean sent;

        Open(long iteration, int node, AbstractRequest.Builder<?> builder) {
            this.iteration = iteration;
            this.node = node;
            this.builder = builder;
        }
    }

    /** In order of creation. */
    final List<Open> open = new ArrayList<>();
    /** Created since it was emptied last. */
    final List<Open> created = new ArrayList<>();
    /** How often the sender was let run. */
    long iteration;
    private final Map<Integer, Connection> connections = new HashMap<>();
    private int correlation;

    void connect(int node, Connection connection) {
        connections.put(node, connection);
    }

    private Connection of(int node) {
        return connections.getOrDefault(node, Connection.UP);
    }

    private Connection of(Node node) {
        return of(node.id());
    }

    /** An answer with that body, or a failure as the network client reports it: "disconnected", "timedOut", "version", "authentication". */
    void answer(Open to, String failed, AbstractResponse body, long now) {
        boolean timedOut = "timedOut".equals(failed);
        boolean authentication = "authentication".equals(failed);
        boolean disconnected = timedOut || authentication || "disconnected".equals(failed);
        new ClientResponse(to.request.makeHeader(to.builder.latestAllowedVersion()), to.request.callback(), to.request.destination(),
            to.request.createdTimeMs(), now, disconnected, timedOut, "version".equals(failed) ? new UnsupportedVersionException("version") : null,
            authentication ? new SaslAuthenticationException("authentication") : null, body).onComplete();
    }

    @Override
    public ClientRequest newClientRequest(String node, AbstractRequest.Builder<?> builder, long now, boolean answered, int timeoutMs,
            RequestCompletionHandler callback) {
        Open entry = new Open(iteration, Integer.parseInt(node), builder);
        entry.request = new ClientRequest(node, builder, correlation++, "broker", now, answered, timeoutMs, response -> {
            open.remove(entry);
            callback.onComplete(response);
        });
        open.add(entry);
        created.add(entry);
        return entry.request;
    }

    @Override
    public boolean ready(Node node, long now) {
        return of(node) == Connection.UP;
    }

    @Override
    public void send(ClientRequest request, long now) {
        find(request).sent = true;
    }

    Open find(ClientRequest request) {
        for (Open entry : open) if (entry.request == request) return entry;
        throw new IllegalStateException("no such request");
    }

    @Override
    public boolean connectionFailed(Node node) {
        return of(node) == Connection.FAILED || of(node) == Connection.UNAUTHENTICATED;
    }

    @Override
    public AuthenticationException authenticationException(Node node) {
        return of(node) == Connection.UNAUTHENTICATED ? new SaslAuthenticationException("authentication") : null;
    }

    /** Answers come when the script gives them. */
    @Override
    public List<ClientResponse> poll(long timeoutMs, long now) {
        return List.of();
    }

    @Override
    public long connectionDelay(Node node, long now) {
        return 0;
    }

    @Override
    public boolean active() {
        return true;
    }

    @Override
    public void wakeup() { }

    // What the sender has no use for.

    @Override
    public boolean isReady(Node node, long now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long pollDelayMs(Node node, long now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void disconnect(String node) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close(String node) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LeastLoadedNode leastLoadedNode(long now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int inFlightRequestCount() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasInFlightRequests() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int inFlightRequestCount(String node) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasInFlightRequests(String node) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasReadyNodes(long now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ClientRequest newClientRequest(String node, AbstractRequest.Builder<?> builder, long now, boolean answered) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void initiateClose() { }

    @Override
    public void close() { }
}
