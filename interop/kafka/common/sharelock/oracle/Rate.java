package sharelock.oracle;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * How many operations per second the classes do alone: without JSON, and without telling what happened.
 * The requests of some lives are decoded, and their worlds are made, before the clock starts.
 */
public final class Rate {
    private static final int ROUNDS = 5;
    private static final int LIVES_AT_ONCE = 10;

    private Rate() { }

    /** A decoded request. */
    public interface Step {
        void run() throws Throwable;
    }

    /**
     * Prints operations per second: the median of some rounds, after as long a time to warm up.
     * @param arguments  --rate, a file of requests, one per line, an empty line behind each life, and the seconds of a round
     * @param decode     makes the world of a life and the steps that follow
     */
    public static void main(String[] arguments, Function<List<String>, List<Step>> decode) throws IOException {
        List<List<String>> lives = new ArrayList<>();
        List<String> life = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(arguments[1]), StandardCharsets.UTF_8)) {
            if (!line.isEmpty()) {
                life.add(line);
                continue;
            }
            lives.add(life);
            life = new ArrayList<>();
        }
        double seconds = Double.parseDouble(arguments[2]);
        measure(lives, decode, ROUNDS * seconds);
        double[] rates = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) rates[i] = measure(lives, decode, seconds);
        Arrays.sort(rates);
        System.out.printf(Locale.ROOT, "%.0f%n", rates[ROUNDS / 2]);
    }

    private static double measure(List<List<String>> lives, Function<List<String>, List<Step>> decode, double seconds) {
        long end = cpuTime() + (long) (seconds * 1e9);
        long passed = 0;
        long operations = 0;
        do {
            for (int i = 0; i < lives.size(); i += LIVES_AT_ONCE) {
                List<List<Step>> decoded = lives.subList(i, Math.min(lives.size(), i + LIVES_AT_ONCE)).stream().map(decode).toList();
                long begun = cpuTime();
                decoded.forEach(Rate::run);
                passed += cpuTime() - begun;
                for (List<Step> steps : decoded) operations += steps.size();
            }
        } while (cpuTime() < end);
        return operations * 1e9 / passed;
    }

    /** Of this thread alone, in nanoseconds: neither other work on the machine nor the virtual machine's own counts. */
    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void run(List<Step> steps) {
        for (Step step : steps) {
            try {
                step.run();
            } catch (Throwable thrown) {
                // A call that throws, or one that is not possible now: part of the lives.
            }
        }
    }
}
