package dev.berth.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** The capabilities of capabilities(7), and how Docker's options choose among them. */
public final class Capabilities {
  private static final String PREFIX = "CAP_";
  private static final String EVERY = "ALL";
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String BOUNDING_SET = "CapBnd:";

  /** In the kernel's order: the index is the number. */
  private static final List<String> KNOWN =
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

  private static final List<String> DEFAULT =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  private Capabilities() {}

  /** All that the kernel knows, in its order. */
  public static List<String> all() {
    return KNOWN;
  }

  /** Those that this process could give away: an engine inside a container has fewer. */
  public static List<String> available() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(BOUNDING_SET)) {
          return inMask(Long.parseUnsignedLong(line.substring(BOUNDING_SET.length()).strip(), 16));
        }
      }
    } catch (IOException unreadable) {
      // Then the kernel refuses what it does not know.
    }
    return KNOWN;
  }

  private static List<String> inMask(long mask) {
    return IntStream.range(0, KNOWN.size())
        .filter(number -> (mask >>> number & 1) == 1)
        .mapToObj(KNOWN::get)
        .toList();
  }

  /** Those of a container that asks for nothing. */
  public static List<String> defaults() {
    return DEFAULT;
  }

  /**
   * Applies {@code --cap-add} and {@code --cap-drop} to the default set. Privileged containers get
   * all that are {@linkplain #available available}, whatever else was asked.
   *
   * @throws IllegalArgumentException with Docker's text if a name is not known
   */
  public static List<String> choose(List<String> add, List<String> drop, boolean privileged) {
    Set<String> added = normalized(add, "CapAdd");
    Set<String> dropped = normalized(drop, "CapDrop");
    if (privileged) {
      return available();
    }
    Set<String> chosen = new LinkedHashSet<>();
    if (added.contains(EVERY)) {
      chosen.addAll(available());
      chosen.removeAll(dropped);
    } else {
      if (!dropped.contains(EVERY)) {
        chosen.addAll(DEFAULT);
        chosen.removeAll(dropped);
      }
      chosen.addAll(added);
    }
    return List.copyOf(chosen);
  }

  /** Upper case with the prefix, as the specification writes it; {@code ALL} stays. */
  public static String normalize(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.equals(EVERY) || upper.startsWith(PREFIX) ? upper : PREFIX + upper;
  }

  private static Set<String> normalized(List<String> names, String field) {
    Set<String> result = new LinkedHashSet<>();
    for (String name : names) {
      String normal = normalize(name);
      if (!normal.equals(EVERY) && !KNOWN.contains(normal)) {
        throw new IllegalArgumentException(
            "invalid " + field + ": unknown capability: \"" + normal + "\"");
      }
      result.add(normal);
    }
    return result;
  }
}
