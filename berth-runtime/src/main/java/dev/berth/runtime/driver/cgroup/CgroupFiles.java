package dev.berth.runtime.driver.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The small files of cgroupfs. One that is missing, as on kernels without it, reads as empty. */
final class CgroupFiles {
  private static final String UNLIMITED = "max";

  private CgroupFiles() {}

  static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException missing) {
      return "";
    }
  }

  /** A single number; 0 if there is none, the largest number for {@code max}. */
  static long number(Path file) {
    return parse(text(file));
  }

  /** Lines of a word and a number. */
  static Map<String, Long> keyed(Path file) {
    Map<String, Long> result = new LinkedHashMap<>();
    for (String line : text(file).lines().toList()) {
      int space = line.indexOf(' ');
      if (space > 0) {
        result.put(line.substring(0, space), parse(line.substring(space + 1).strip()));
      }
    }
    return result;
  }

  /** Numbers in one line. */
  static List<Long> numbers(Path file) {
    String text = text(file);
    return text.isEmpty()
        ? List.of()
        : java.util.Arrays.stream(text.split("\\s+")).map(CgroupFiles::parse).toList();
  }

  private static long parse(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (text.equals(UNLIMITED)) {
      return Long.MAX_VALUE;
    }
    try {
      return Long.parseUnsignedLong(text) < 0 ? Long.MAX_VALUE : Long.parseUnsignedLong(text);
    } catch (NumberFormatException notANumber) {
      return 0;
    }
  }
}
