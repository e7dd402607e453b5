package dev.berth.volume.driver.local;

import dev.berth.linux.MountFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The words after {@code mount -o}, taken apart as mount(8) does it.
 *
 * @param flags of the mount itself
 * @param propagation to set after the mount, 0 for none
 * @param data for the file system
 * @see <a href="https://man7.org/linux/man-pages/man8/mount.8.html">mount(8)</a>
 */
record MountWords(long flags, long propagation, String data) {
  private static final long MS_NOSYMFOLLOW = 256;
  private static final long MS_MANDLOCK = 64;

  private static final Map<String, Long> SETS =
      Map.ofEntries(
          Map.entry("defaults", 0L),
          Map.entry("loop", 0L),
          Map.entry("ro", MountFlags.MS_RDONLY),
          Map.entry("nosuid", MountFlags.MS_NOSUID),
          Map.entry("nodev", MountFlags.MS_NODEV),
          Map.entry("noexec", MountFlags.MS_NOEXEC),
          Map.entry("sync", MountFlags.MS_SYNCHRONOUS),
          Map.entry("dirsync", MountFlags.MS_DIRSYNC),
          Map.entry("mand", MS_MANDLOCK),
          Map.entry("nosymfollow", MS_NOSYMFOLLOW),
          Map.entry("noatime", MountFlags.MS_NOATIME),
          Map.entry("nodiratime", MountFlags.MS_NODIRATIME),
          Map.entry("relatime", MountFlags.MS_RELATIME),
          Map.entry("strictatime", MountFlags.MS_STRICTATIME),
          Map.entry("bind", MountFlags.MS_BIND),
          Map.entry("rbind", MountFlags.MS_BIND | MountFlags.MS_REC));
  private static final Map<String, Long> CLEARS =
      Map.ofEntries(
          Map.entry("rw", MountFlags.MS_RDONLY),
          Map.entry("suid", MountFlags.MS_NOSUID),
          Map.entry("dev", MountFlags.MS_NODEV),
          Map.entry("exec", MountFlags.MS_NOEXEC),
          Map.entry("async", MountFlags.MS_SYNCHRONOUS),
          Map.entry("nomand", MS_MANDLOCK),
          Map.entry("symfollow", MS_NOSYMFOLLOW),
          Map.entry("atime", MountFlags.MS_NOATIME),
          Map.entry("diratime", MountFlags.MS_NODIRATIME),
          Map.entry("norelatime", MountFlags.MS_RELATIME),
          Map.entry("nostrictatime", MountFlags.MS_STRICTATIME));
  private static final Map<String, Long> PROPAGATION =
      Map.of(
          "private",
          MountFlags.MS_PRIVATE,
          "rprivate",
          MountFlags.MS_PRIVATE | MountFlags.MS_REC,
          "slave",
          MountFlags.MS_SLAVE,
          "rslave",
          MountFlags.MS_SLAVE | MountFlags.MS_REC,
          "shared",
          MountFlags.MS_SHARED,
          "rshared",
          MountFlags.MS_SHARED | MountFlags.MS_REC,
          "unbindable",
          MountFlags.MS_UNBINDABLE,
          "runbindable",
          MountFlags.MS_UNBINDABLE | MountFlags.MS_REC);

  static MountWords of(String options) {
    long flags = 0;
    long propagation = 0;
    List<String> data = new ArrayList<>();
    for (String word : options.split(",")) {
      if (SETS.containsKey(word)) {
        flags |= SETS.getOrDefault(word, 0L);
      } else if (CLEARS.containsKey(word)) {
        flags &= ~CLEARS.getOrDefault(word, 0L);
      } else if (PROPAGATION.containsKey(word)) {
        propagation = PROPAGATION.getOrDefault(word, 0L);
      } else if (!word.isEmpty()) {
        data.add(word);
      }
    }
    return new MountWords(flags, propagation, String.join(",", data));
  }

  boolean isBind() {
    return (flags & MountFlags.MS_BIND) != 0;
  }

  boolean isReadOnly() {
    return (flags & MountFlags.MS_RDONLY) != 0;
  }
}
