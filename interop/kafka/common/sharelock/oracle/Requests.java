package sharelock.oracle;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Requests on standard input, one per line; answers on standard output, one per line. */
public final class Requests {
    private Requests() { }

    /** Answers them until there are no more. */
    public static void answer(Function<String, CharSequence> oracle) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 16);
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        StringBuilder batch = new StringBuilder(1 << 16);
        for (String line; (line = in.readLine()) != null; ) {
            if (line.isBlank()) continue;
            batch.append(oracle.apply(line)).append('\n');
            // Answers are written together as long as the client has already sent more requests.
            if (batch.length() >= 1 << 16 || !in.ready()) {
                out.write(batch.toString().getBytes(StandardCharsets.UTF_8));
                batch.setLength(0);
            }
        }
        out.write(batch.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
