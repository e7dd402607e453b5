package dev.berth.core;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/**
 * Signals to this process (signal(7)). The JDK offers them only by {@code sun.misc.Signal} of
 * module jdk.unsupported. That class is found by name here: the compiler warns wherever it is
 * written, and no annotation silences that.
 */
public final class Signals {
  private Signals() {}

  /**
   * Calls the action with the signal's name whenever the signal arrives, on a thread of the JVM's.
   *
   * @param name without its prefix, for instance {@code HUP}
   * @throws IllegalArgumentException when the JVM keeps that signal for itself
   */
  @SuppressWarnings("ReferenceEquality") // a handler is equal to itself alone
  public static void handle(String name, Consumer<String> action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Constructor<?> constructor = signal.getConstructor(String.class);
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.accept(name);
                  return null;
                }
                return method.getName().equals("equals") ? self == arguments[0] : name.hashCode();
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, constructor.newInstance(name), proxy);
    } catch (InvocationTargetException refused) {
      throw new IllegalArgumentException("signal " + name + " cannot be handled", refused);
    } catch (ReflectiveOperationException absent) {
      throw new IllegalStateException("this JDK has no module jdk.unsupported", absent);
    }
  }
}
