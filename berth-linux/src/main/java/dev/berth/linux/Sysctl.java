package dev.berth.linux;

import java.nio.charset.StandardCharsets;

/**
 * The kernel's settings under /proc/sys. Those of the network ({@code net.…}) belong to the network
 * namespace of the thread that opens the file.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_sys.5.html">proc_sys(5)</a>
 */
public final class Sysctl {
  private static final int VALUE_BYTES = 4096;

  private Sysctl() {}

  /**
   * Sets a value in the calling thread's namespaces.
   *
   * @param name with dots or slashes; with slashes where a part holds a dot, such as {@code
   *     net/ipv4/conf/eth0.5/forwarding}
   */
  public static void write(String name, String value) {
    try (Fd file = FileCalls.open(path(name), FileFlags.O_WRONLY)) {
      FileData.writeAll(file, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A value in the calling thread's namespaces. */
  public static String read(String name) {
    try (Fd file = FileCalls.open(path(name), FileFlags.O_RDONLY)) {
      return new String(FileData.readAll(file, VALUE_BYTES), StandardCharsets.UTF_8).strip();
    }
  }

  static String path(String name) {
    String relative = name.indexOf('/') >= 0 ? name : name.replace('.', '/');
    for (String part : relative.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new LinuxException(Errno.EINVAL, "sysctl", name);
      }
    }
    return "/proc/sys/" + relative;
  }
}
