package kafka.server.share;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many operations per second the class does alone, without JSON and without showing its state: RateMain REQUESTS SECONDS.
 * REQUESTS has one request per line. They are decoded once, run until the virtual machine is warm, and then measured.
 */
public final class RateMain {
    public static void main(String[] arguments) throws IOException {
        DecodedTrace trace = new DecodedTrace();
        try (BufferedReader in = Files.newBufferedReader(Path.of(arguments[0]), StandardCharsets.UTF_8)) {
            for (String line; (line = in.readLine()) != null; ) trace.add(line);
        }
        double seconds = Double.parseDouble(arguments[1]);
        rate(trace, seconds);
        System.out.printf(java.util.Locale.ROOT, "%.0f%n", rate(trace, seconds));
    }

    private static double rate(DecodedTrace trace, double seconds) {
        long begun = System.nanoTime();
        long operations = 0;
        double passed;
        do {
            trace.run();
            operations += trace.steps.size();
            passed = (System.nanoTime() - begun) / 1e9;
        } while (passed < seconds);
        return operations / passed;
    }
}
