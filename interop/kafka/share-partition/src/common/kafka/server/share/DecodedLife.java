package kafka.server.share;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.clients.consumer.internals.ShareAcquireMode;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.server.share.acknowledge.ShareAcknowledgementBatch;
import org.apache.kafka.server.storage.log.FetchIsolation;
import org.apache.kafka.server.storage.log.FetchPartitionData;
import org.apache.kafka.storage.internals.log.LogOffsetMetadata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import sharelock.oracle.Rate;

/** The requests of a life, decoded: steps that call the class with arguments made beforehand. */
final class DecodedLife {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Line line = new Line();
    private final Operations operations = new Operations(line);
    private Harness harness = quiet(operations.fresh(null));

    /** The steps of a life, each with what is completed automatically after it. What the protocol refuses is left out. */
    static List<Rate.Step> steps(List<String> life) {
        DecodedLife decoded = new DecodedLife();
        List<Rate.Step> steps = new ArrayList<>();
        for (String text : life) {
            try {
                Request request = new Request(JSON.readTree(text));
                Rate.Step step = decoded.decode(request.text("op"), request);
                steps.add(() -> decoded.run(step));
            } catch (BadInput refused) {
                // Nothing to measure.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return steps;
    }

    private void run(Rate.Step step) {
        try {
            step.run();
        } catch (Throwable thrown) {
            // A call that aborts, or one that is not possible now: part of the lives.
        }
        harness.drain(false);
    }

    private static Harness quiet(Harness harness) {
        harness.quiet = true;
        return harness;
    }

    private Rate.Step decode(String op, Request request) {
        switch (op) {
            case "reset": return reset(request);
            case "config": return () -> operations.apply(request, harness, false);
            case "state": return () -> { };
            case "init": return initialize(request);
            case "completeRead": {
                Outcome outcome = Parse.outcome(request.raw("read"));
                long which = request.number("which", -1);
                return () -> outcome.complete(harness.take(Pending.Kind.READ, which));
            }
            case "lock": {
                String fetch = request.text("fetch");
                return () -> harness.share.maybeAcquireFetchLock(harness.fetchId(fetch));
            }
            case "unlock": {
                String fetch = request.text("fetch");
                return () -> harness.share.releaseFetchLock(harness.fetchId(fetch));
            }
            case "nextFetchOffset": return () -> harness.share.nextFetchOffset();
            case "canAcquire": return () -> harness.share.canAcquireRecords();
            case "acquire": return acquire(request);
            case "acknowledge": {
                String member = request.text("member");
                List<ShareAcknowledgementBatch> batches = Parse.acknowledgements(request.list("batches"));
                return () -> harness.share.acknowledge(member, batches);
            }
            case "release": {
                String member = request.text("member");
                return () -> harness.share.releaseAcquiredRecords(member);
            }
            case "lso": {
                long offset = request.number("offset");
                return () -> harness.share.updateCacheAndOffsets(offset);
            }
            case "advance": return advance(request);
            case "fire": return fire(request);
            case "completeWrite": {
                Outcome outcome = Parse.outcome(request.raw("result"));
                long which = request.number("which", -1);
                return () -> outcome.complete(harness.take(Pending.Kind.WRITE, which));
            }
            case "completeDlq": {
                Outcome outcome = Parse.outcome(request.raw("result"));
                if (outcome.error != Errors.NONE) outcome.exception = outcome.error.exception("scripted");
                long which = request.number("which", -1);
                return () -> outcome.complete(harness.take(Pending.Kind.DLQ, which));
            }
            case "drain": return () -> harness.drain(true);
            case "fence": return () -> harness.share.markFenced();
            case "setFetchMeta": {
                long at = request.number("at");
                LogOffsetMetadata meta = new LogOffsetMetadata(request.number("offset"), request.number("segment", -1),
                    request.integer("pos", -1));
                return () -> harness.share.updateFetchOffsetMetadata(at, meta);
            }
            case "getFetchMeta": {
                long at = request.number("at");
                return () -> harness.share.fetchOffsetMetadata(at);
            }
            default: throw new BadInput("unknown op: " + op);
        }
    }

    /** What is made here is not measured. */
    private Rate.Step reset(Request request) {
        harness = quiet(operations.fresh(request));
        return () -> { };
    }

    private Rate.Step initialize(Request request) {
        Outcome read = request.has("read") ? Parse.outcome(request.raw("read")) : null;
        return () -> {
            int before = harness.pending.size();
            harness.share.maybeInitialize();
            if (read != null && harness.pending.size() > before) read.complete(harness.take(Pending.Kind.READ, -1));
        };
    }

    private Rate.Step acquire(Request request) {
        List<LogBatch> log = Parse.log(request.list("log"));
        List<FetchResponseData.AbortedTransaction> aborted = request.has("aborted") ? Parse.aborted(request.list("aborted")) : null;
        FetchIsolation level = request.text("isolation", aborted == null ? "read_uncommitted" : "read_committed").equals("read_committed")
            ? FetchIsolation.TXN_COMMITTED : FetchIsolation.HIGH_WATERMARK;
        ShareAcquireMode mode = request.text("mode", "BO").equals("RL") ? ShareAcquireMode.RECORD_LIMIT : ShareAcquireMode.BATCH_OPTIMIZED;
        long end = log.isEmpty() ? 0 : log.get(log.size() - 1).last + 1;
        FetchPartitionData data = LogRecords.fetched(log, aborted, request.number("hw", end), request.number("logStart", 0));
        String member = request.text("member");
        int batchSize = request.integer("batchSize", 500);
        int maxRecords = request.integer("maxRecords", 500);
        long fetchOffset = request.number("fetchOffset");
        return () -> harness.share.acquire(member, mode, batchSize, maxRecords, fetchOffset, data, level);
    }

    private Rate.Step advance(Request request) {
        boolean absolute = request.has("to");
        long amount = request.number(absolute ? "to" : "ms");
        boolean fires = request.flag("fire", true);
        return () -> {
            long target = absolute ? amount : harness.time.now + amount;
            if (target < harness.time.now) return;
            if (fires) harness.advance(target);
            else harness.time.now = target;
        };
    }

    private Rate.Step fire(Request request) {
        int count = request.integer("count", 1);
        int index = request.integer("index", -1);
        return () -> {
            if (index >= 0) {
                List<VirtualTimer.Item> alive = harness.timer.alive();
                if (index >= alive.size() || alive.get(index).deadline > harness.time.now) return;
                harness.timer.remove(alive.get(index));
                harness.fire(alive.get(index));
                return;
            }
            VirtualTimer.Item item;
            for (int fired = 0; fired < count && (item = harness.timer.pollDue(harness.time.now)) != null; fired++) harness.fire(item);
        };
    }
}
