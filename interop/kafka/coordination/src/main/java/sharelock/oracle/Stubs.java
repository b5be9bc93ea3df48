package sharelock.oracle;

import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.dynamic.scaffold.subclass.ConstructorStrategy;
import net.bytebuddy.implementation.InvocationHandlerAdapter;

import org.objenesis.ObjenesisStd;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static net.bytebuddy.matcher.ElementMatchers.isFinalizer;
import static net.bytebuddy.matcher.ElementMatchers.isVirtual;
import static net.bytebuddy.matcher.ElementMatchers.not;

/** What stands in for the surroundings of the classes under test: made without a constructor, and cheap to call. */
public final class Stubs {
    /** What a stub answers to a call of one of its methods. */
    public interface Answer {
        Object to(String method, Object[] arguments) throws Throwable;
    }

    private static final ObjenesisStd OBJENESIS = new ObjenesisStd();
    private static final Map<Class<?>, Class<?>> MADE = new HashMap<>();

    private Stubs() { }

    static Object newLogContext() {
        return R.make(R.cls("org.apache.kafka.common.utils.LogContext", "org.apache.kafka.common.utils.internals.LogContext"));
    }

    /** Every method of the class or interface that is not final goes to `answer`. */
    public static <T> T of(Class<T> type, Answer answer) {
        return made(type, (stub, method, arguments) -> switch (method.getName()) {
            case "toString" -> type.getSimpleName();
            case "hashCode" -> System.identityHashCode(stub);
            case "equals" -> stub == arguments[0];
            default -> answer.to(method.getName(), arguments);
        });
    }

    /** Does nothing, and answers with what is nothing. */
    public static <T> T inert(Class<T> type) {
        return made(type, (stub, method, arguments) -> nothing(method));
    }

    private static Object nothing(Method method) {
        Class<?> type = method.getReturnType();
        if (type == boolean.class) return false;
        if (type == int.class) return 0;
        if (type == long.class) return 0L;
        if (type == List.class) return List.of();
        return type == Optional.class ? Optional.empty() : null;
    }

    private static <T> T made(Class<T> type, InvocationHandler handler) {
        Object stub = OBJENESIS.newInstance(MADE.computeIfAbsent(type, Stubs::make));
        R.set(stub, "handler", handler);
        return type.cast(stub);
    }

    private static Class<?> make(Class<?> type) {
        // It lies beside its type, whose package it needs; beside this class if that package belongs to Java.
        Class<?> beside = type.getClassLoader() == null ? Stubs.class : type;
        try {
            return new ByteBuddy().subclass(type, ConstructorStrategy.Default.NO_CONSTRUCTORS)
                .name(beside.getPackageName() + ".StubOf" + type.getSimpleName())
                .defineField("handler", InvocationHandler.class, Visibility.PUBLIC)
                .method(isVirtual().and(not(isFinalizer()))).intercept(InvocationHandlerAdapter.toField("handler"))
                .make()
                .load(beside.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(MethodHandles.privateLookupIn(beside, MethodHandles.lookup())))
                .getLoaded();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
