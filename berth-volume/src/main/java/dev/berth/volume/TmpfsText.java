package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.volume.MountRequest.TmpfsOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The mount options of a tmpfs, as text for the kernel. */
final class TmpfsText {
  private static final Set<String> ALLOWED = Set.of("exec", "noexec");
  private static final String UNITS = "gmk";
  private static final int UNIT_BITS = 10;

  private static final Set<String> VALUES =
      Set.of("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol", "huge");
  private static final Set<String> FLAGS =
      Set.of(
          "defaults",
          "ro",
          "rw",
          "suid",
          "nosuid",
          "dev",
          "nodev",
          "exec",
          "noexec",
          "sync",
          "async",
          "dirsync",
          "remount",
          "mand",
          "nomand",
          "atime",
          "noatime",
          "diratime",
          "nodiratime",
          "bind",
          "rbind",
          "unbindable",
          "runbindable",
          "private",
          "rprivate",
          "shared",
          "rshared",
          "slave",
          "rslave",
          "relatime",
          "norelatime",
          "strictatime",
          "nostrictatime");

  private TmpfsText() {}

  /**
   * Checks the words of the short form.
   *
   * @throws EngineException INVALID for one that is no option of a tmpfs
   */
  static void check(String options) {
    for (String word : options.split(",")) {
      int equals = word.indexOf('=');
      boolean known =
          equals < 0
              ? word.isEmpty() || FLAGS.contains(word)
              : VALUES.contains(word.substring(0, equals));
      if (!known) {
        throw EngineException.invalid(
            "invalid tmpfs option [\"" + word.replaceFirst("=", "\" \"") + "\"]");
      }
    }
  }

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
