package dev.berth.runtime.driver.seccomp;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The actions of a filter as the kernel numbers them. */
final class SeccompAction {
  private static final int DATA_MASK = 0xffff;
  private static final int EPERM = 1;

  private SeccompAction() {}

  /** {@code SECCOMP_RET_…} with its data; nothing for an action that a filter alone cannot do. */
  static OptionalInt value(String action, @Nullable Integer errno) {
    int data = (errno == null ? EPERM : errno) & DATA_MASK;
    return switch (action) {
      case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> OptionalInt.of(0);
      case "SCMP_ACT_KILL_PROCESS" -> OptionalInt.of(0x8000_0000);
      case "SCMP_ACT_TRAP" -> OptionalInt.of(0x0003_0000);
      case "SCMP_ACT_ERRNO" -> OptionalInt.of(0x0005_0000 | data);
      case "SCMP_ACT_TRACE" -> OptionalInt.of(0x7ff0_0000 | data);
      case "SCMP_ACT_LOG" -> OptionalInt.of(0x7ffc_0000);
      case "SCMP_ACT_ALLOW" -> OptionalInt.of(0x7fff_0000);
      default -> OptionalInt.empty();
    };
  }
}
