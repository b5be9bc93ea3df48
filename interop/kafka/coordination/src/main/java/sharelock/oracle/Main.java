package sharelock.oracle;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.kafka.coordinator.share.PersisterStateBatchCombiner;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Reads one JSON request per line, writes one JSON answer per line. */
public final class Main {
    private final String version;
    private ShardWorld shard;
    private SessionWorld session;
    private PersisterWorld persister;
    private Object group;

    private Main(String version) {
        this.version = version;
    }

    public static void main(String[] args) throws Exception {
        Main main = new Main(args[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), StandardCharsets.UTF_8));
        System.setOut(System.err);
        String line;
        while ((line = in.readLine()) != null) {
            if (line.isBlank()) continue;
            Object answer;
            try {
                answer = main.handle(J.MAPPER.readTree(line));
            } catch (Throwable t) {
                if (System.getenv("ORACLE_TRACE") != null) t.printStackTrace();
                answer = J.obj("exception", t.getClass().getSimpleName(), "message", String.valueOf(t.getMessage()));
            }
            out.write(J.MAPPER.writeValueAsString(answer));
            out.write('\n');
            if (!in.ready()) out.flush();
        }
        out.flush();
        System.exit(0);
    }

    private Object handle(JsonNode q) {
        String op = q.get("op").asText();
        int dot = op.indexOf('.');
        String family = dot < 0 ? op : op.substring(0, dot);
        String verb = dot < 0 ? "" : op.substring(dot + 1);
        switch (family) {
            case "version":
                return J.obj("version", version, "kafka", R.call(R.cls("org.apache.kafka.common.utils.AppInfoParser", "org.apache.kafka.common.utils.internals.AppInfoParser"), "getVersion"));
            case "combine":
                return combine(q);
            case "assign":
                return Assign.run(q);
            case "shard":
                if (verb.equals("new")) shard = new ShardWorld(q);
                return shard.handle(verb, q);
            case "session":
                if (verb.equals("new")) session = new SessionWorld(q);
                return session.handle(verb, q);
            case "persister":
                if (verb.equals("new")) persister = new PersisterWorld(q);
                return persister.handle(verb, q);
            case "group":
                if (verb.equals("new")) group = R.make(R.cls("org.apache.kafka.coordinator.group.ShareGroupWorld"), q);
                return R.call(group, "handle", verb, q);
            default:
                throw new IllegalArgumentException("unknown op " + op);
        }
    }

    private static Map<String, Object> combine(JsonNode q) {
        return J.obj("result", J.batches(new PersisterStateBatchCombiner(
            J.batches(q.get("existing")), J.batches(q.get("incoming")), q.get("startOffset").asLong()).combineStateBatches()));
    }
}
