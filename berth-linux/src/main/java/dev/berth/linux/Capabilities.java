package dev.berth.linux;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The capabilities of Linux by name and number.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public final class Capabilities {
  private static final List<String> NAMES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_DAC_READ_SEARCH",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_LINUX_IMMUTABLE",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_BROADCAST",
          "CAP_NET_ADMIN",
          "CAP_NET_RAW",
          "CAP_IPC_LOCK",
          "CAP_IPC_OWNER",
          "CAP_SYS_MODULE",
          "CAP_SYS_RAWIO",
          "CAP_SYS_CHROOT",
          "CAP_SYS_PTRACE",
          "CAP_SYS_PACCT",
          "CAP_SYS_ADMIN",
          "CAP_SYS_BOOT",
          "CAP_SYS_NICE",
          "CAP_SYS_RESOURCE",
          "CAP_SYS_TIME",
          "CAP_SYS_TTY_CONFIG",
          "CAP_MKNOD",
          "CAP_LEASE",
          "CAP_AUDIT_WRITE",
          "CAP_AUDIT_CONTROL",
          "CAP_SETFCAP",
          "CAP_MAC_OVERRIDE",
          "CAP_MAC_ADMIN",
          "CAP_SYSLOG",
          "CAP_WAKE_ALARM",
          "CAP_BLOCK_SUSPEND",
          "CAP_AUDIT_READ",
          "CAP_PERFMON",
          "CAP_BPF",
          "CAP_CHECKPOINT_RESTORE");
  private static final int PR_CAPBSET_READ = 23;

  private Capabilities() {}

  /** All names in the order of their numbers, {@code CAP_CHOWN} first. */
  public static List<String> names() {
    return NAMES;
  }

  /** The number of a name, with or without {@code CAP_}, in any case. */
  public static OptionalInt number(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    int index = NAMES.indexOf(upper.startsWith("CAP_") ? upper : "CAP_" + upper);
    return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
  }

  /** The names that the engine's own bounding set holds, which is all it can give away. */
  public static List<String> bounding() {
    try (Frame frame = new Frame()) {
      return NAMES.stream()
          .filter(
              name -> frame.syscall(SyscallNumber.PRCTL, PR_CAPBSET_READ, NAMES.indexOf(name)) == 1)
          .toList();
    }
  }
}
