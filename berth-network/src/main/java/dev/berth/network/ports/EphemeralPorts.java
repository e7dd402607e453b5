package dev.berth.network.ports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * The kernel's range of ephemeral ports.
 *
 * @param first the first port
 * @param last the last port
 * @param reserved ports that the administrator keeps for others
 * @see <a href="https://docs.kernel.org/networking/ip-sysctl.html">ip-sysctl</a>
 */
record EphemeralPorts(int first, int last, BitSet reserved) {
  private static final int DEFAULT_FIRST = 32768;
  private static final int DEFAULT_LAST = 60999;
  private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4");

  /** Reads the kernel's variables; without them the kernel's defaults are assumed. */
  static EphemeralPorts read() {
    try {
      return parse(value("ip_local_port_range"), value("ip_local_reserved_ports"));
    } catch (IOException e) {
      return new EphemeralPorts(DEFAULT_FIRST, DEFAULT_LAST, new BitSet());
    }
  }

  /**
   * Such a file gives its whole value to the first read only, so the read has to be a large one.
   */
  private static String value(String name) throws IOException {
    return String.join("", Files.readAllLines(SETTINGS.resolve(name)));
  }

  /** Reads {@code "32768 60999"} and {@code "8080,9148-9150"}. */
  static EphemeralPorts parse(String range, String reserved) {
    String[] ends = range.strip().split("\\s+");
    BitSet excluded = new BitSet();
    for (String part : reserved.strip().split(",")) {
      if (!part.isEmpty()) {
        String[] sides = part.split("-", 2);
        excluded.set(Integer.parseInt(sides[0]), Integer.parseInt(sides[sides.length - 1]) + 1);
      }
    }
    return new EphemeralPorts(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]), excluded);
  }
}
