package sharelock.oracle;

import org.mockito.Mockito;
import org.mockito.stubbing.Answer;

/** What stands in for the surroundings of the classes under test. */
final class Stubs {
    private Stubs() { }

    static Object newLogContext() {
        return R.make(R.cls("org.apache.kafka.common.utils.LogContext", "org.apache.kafka.common.utils.internals.LogContext"));
    }

    static <T> T mock(Class<T> c, Answer<Object> a) {
        return Mockito.mock(c, Mockito.withSettings().stubOnly().defaultAnswer(inv -> {
            String m = inv.getMethod().getName();
            if (m.equals("toString")) return c.getSimpleName();
            if (m.equals("hashCode")) return System.identityHashCode(inv.getMock());
            if (m.equals("equals")) return inv.getMock() == inv.getArgument(0);
            return a.answer(inv);
        }));
    }
}
