package dev.berth.linux;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One line of {@code /proc/self/mountinfo}.
 *
 * @param id the mount's number
 * @param parentId the number of the mount it is on
 * @param major major number of the file system's device
 * @param minor minor number of the file system's device
 * @param root the directory of the file system that is mounted
 * @param mountPoint where, seen from the reader's root
 * @param options options of this mount
 * @param propagation the optional fields, for instance {@code shared:5} or {@code master:2}
 * @param type type of the file system
 * @param source what was mounted; a device, a server or any word
 * @param superOptions options of the file system
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">proc(5)</a>
 */
public record MountInfo(
    int id,
    int parentId,
    int major,
    int minor,
    String root,
    String mountPoint,
    List<String> options,
    List<String> propagation,
    String type,
    String source,
    List<String> superOptions) {
  private static final int FIXED_FIELDS = 6;

  /** Copies the lists. */
  public MountInfo {
    options = List.copyOf(options);
    propagation = List.copyOf(propagation);
    superOptions = List.copyOf(superOptions);
  }

  /** Whether mounts below it propagate to its peers. */
  public boolean isShared() {
    return propagation.stream().anyMatch(field -> field.startsWith("shared:"));
  }

  /** Whether it receives mounts from a master. */
  public boolean isSlave() {
    return propagation.stream().anyMatch(field -> field.startsWith("master:"));
  }

  /** The value of an option of the file system, for instance {@code upperdir}. */
  public Optional<String> superOption(String name) {
    return superOptions.stream()
        .filter(option -> option.startsWith(name + "="))
        .map(option -> option.substring(name.length() + 1))
        .findFirst();
  }

  /** Reads a whole table. */
  public static List<MountInfo> parse(String table) {
    return table.lines().map(MountInfo::parseLine).toList();
  }

  static MountInfo parseLine(String line) {
    String[] fields = line.split(" ");
    int separator = FIXED_FIELDS;
    while (!fields[separator].equals("-")) {
      separator++;
    }
    String[] device = fields[2].split(":");
    return new MountInfo(
        Integer.parseInt(fields[0]),
        Integer.parseInt(fields[1]),
        Integer.parseInt(device[0]),
        Integer.parseInt(device[1]),
        unescape(fields[3]),
        unescape(fields[4]),
        List.of(fields[5].split(",")),
        List.of(fields).subList(FIXED_FIELDS, separator),
        unescape(fields[separator + 1]),
        unescape(fields[separator + 2]),
        separator + 3 < fields.length
            ? List.of(unescape(fields[separator + 3]).split(","))
            : List.of());
  }

  /** The kernel writes space, tab, newline and backslash as a backslash and three octal digits. */
  private static String unescape(String field) {
    if (field.indexOf('\\') < 0) {
      return field;
    }
    byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\\' && i + 3 < bytes.length) {
        out.write(Integer.parseInt(new String(bytes, i + 1, 3, StandardCharsets.US_ASCII), 8));
        i += 3;
      } else {
        out.write(bytes[i]);
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
