package sharelock.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import org.apache.kafka.coordinator.group.ShareGroupWorld;
import org.apache.kafka.coordinator.share.PersisterStateBatchCombiner;
import org.apache.kafka.server.share.persister.PersisterStateBatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON request per line, writes one JSON answer per line; or measures. */
public final class Main {
    private ShardWorld shard;
    private SessionWorld session;
    private PersisterWorld persister;
    private ShareGroupWorld group;

    /** Answers requests; with --rate FILE SECONDS it measures, see Rate. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            Rate.main(arguments, life -> new Main().steps(life));
        } else {
            System.setOut(System.err);
            Requests.answer(new Main()::answer);
        }
        System.exit(0);
    }

    private String answer(String line) {
        try {
            return J.MAPPER.writeValueAsString(told(line));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> told(String line) {
        try {
            Map<String, Object> answer = new LinkedHashMap<>();
            decode(J.MAPPER.readTree(line)).run(answer);
            return answer;
        } catch (Throwable t) {
            if (System.getenv("ORACLE_TRACE") != null) t.printStackTrace();
            return J.obj("exception", t.getClass().getSimpleName(), "message", String.valueOf(t.getMessage()));
        }
    }

    private List<Rate.Step> steps(List<String> life) {
        List<Rate.Step> steps = new ArrayList<>();
        for (String line : life) {
            try {
                Step step = decode(J.MAPPER.readTree(line));
                steps.add(() -> step.run(null));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return steps;
    }

    /** A request that begins a world makes it here. */
    private Step decode(JsonNode q) {
        String op = q.get("op").asText();
        int dot = op.indexOf('.');
        String family = dot < 0 ? op : op.substring(0, dot);
        String verb = dot < 0 ? "" : op.substring(dot + 1);
        boolean begins = verb.equals("new");
        switch (family) {
            case "version":
                return out -> out.put("kafka", R.call(R.cls("org.apache.kafka.common.utils.AppInfoParser",
                    "org.apache.kafka.common.utils.internals.AppInfoParser"), "getVersion"));
            case "combine":
                return combine(q);
            case "assign":
                return Assign.decode(q);
            case "shard":
                if (begins) shard = new ShardWorld(q);
                return shard.decode(verb, q);
            case "session":
                if (begins) session = new SessionWorld(q);
                return session.decode(verb, q);
            case "persister":
                if (begins) persister = new PersisterWorld(q);
                return persister.decode(verb, q);
            case "group":
                if (begins) group = new ShareGroupWorld(q);
                return group.decode(verb, q);
            default:
                throw new IllegalArgumentException("unknown op " + op);
        }
    }

    private static Step combine(JsonNode q) {
        List<PersisterStateBatch> existing = J.batches(q.get("existing"));
        List<PersisterStateBatch> incoming = J.batches(q.get("incoming"));
        long start = q.get("startOffset").asLong();
        return out -> {
            List<PersisterStateBatch> combined = new PersisterStateBatchCombiner(existing, incoming, start).combineStateBatches();
            if (out != null) out.put("result", J.batches(combined));
        };
    }
}
