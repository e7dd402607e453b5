package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import java.util.Map;
import java.util.function.Supplier;

/** Turns what the kernel refuses into words for the user. */
final class KernelRefusal {
  private static final Map<String, String> OPTIONS =
      Map.of("ipvlan", "CONFIG_IPVLAN", "macvlan", "CONFIG_MACVLAN", "veth", "CONFIG_VETH");

  private KernelRefusal() {}

  /** Runs a body; what the kernel refuses is thrown as the engine's exception. */
  static <T> T translate(Supplier<T> body) {
    try {
      return body.get();
    } catch (LinuxException failure) {
      throw EngineException.internal(text(failure), failure);
    }
  }

  private static String text(LinuxException failure) {
    if (failure.is(Errno.EOPNOTSUPP)) {
      for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
        if (failure.arguments().endsWith(" type " + option.getKey())) {
          return "failed to create the %s port: %s (the kernel lacks %s)"
              .formatted(option.getKey(), failure.errno().text(), option.getValue());
        }
      }
    }
    return String.valueOf(failure.getMessage());
  }
}
