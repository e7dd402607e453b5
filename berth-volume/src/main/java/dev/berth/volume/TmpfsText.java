package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.volume.MountRequest.TmpfsOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mount options of a tmpfs of the long form, as text for the kernel. */
final class TmpfsText {
  private static final Set<String> ALLOWED = Set.of("exec", "noexec");
  private static final String UNITS = "gmk";
  private static final int UNIT_BITS = 10;

  private TmpfsText() {}

  static String of(@Nullable TmpfsOptions options, boolean readOnly) {
    List<String> words = new ArrayList<>();
    if (readOnly) {
      words.add("ro");
    }
    if (options != null) {
      if (options.mode() != 0) {
        words.add("mode=" + Integer.toOctalString(options.mode()));
      }
      if (options.sizeBytes() != 0) {
        words.add("size=" + size(options.sizeBytes()));
      }
      if (options.options() != null) {
        options.options().forEach(option -> words.add(allowed(option)));
      }
    }
    return String.join(",", words);
  }

  /** In the largest unit that divides it. */
  private static String size(long bytes) {
    for (int i = 0; i < UNITS.length(); i++) {
      long unit = 1L << (UNIT_BITS * (UNITS.length() - i));
      if (bytes % unit == 0) {
        return bytes / unit + UNITS.substring(i, i + 1);
      }
    }
    return Long.toString(bytes);
  }

  private static String allowed(List<String> option) {
    if (option.isEmpty() || option.size() > 2) {
      throw EngineException.invalid("invalid option array length");
    }
    if (!ALLOWED.contains(option.getFirst())) {
      throw EngineException.invalid("invalid option: " + option.getFirst());
    }
    return String.join("=", option);
  }
}
