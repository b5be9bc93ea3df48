package sharelock.oracle;

import java.util.Map;

/** A decoded request. */
public interface Step {
    /**
     * Carries it out.
     * @param out  gets what the answer tells; null if nothing is to be told, and only the classes are to work
     */
    void run(Map<String, Object> out) throws Exception;
}
