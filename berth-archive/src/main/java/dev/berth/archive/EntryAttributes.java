package dev.berth.archive;

import dev.berth.linux.Errno;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.LinuxException;
import java.util.function.BiConsumer;

/** Sets the extended attributes that an archive gives a file. */
final class EntryAttributes {

  private EntryAttributes() {}

  static void set(Fd file, TarEntry entry) {
    each(entry, (name, value) -> ExtendedAttributes.fsetxattr(file, name, value));
  }

  /** By a path whose last part is not followed. */
  static void set(String path, TarEntry entry) {
    each(entry, (name, value) -> ExtendedAttributes.lsetxattr(path, name, value));
  }

  private static void each(TarEntry entry, BiConsumer<String, byte[]> setter) {
    entry
        .xattrs()
        .forEach((name, value) -> {
          if (!steersOverlay(name)) {
            tolerant(name, () -> setter.accept(name, value));
          }
        });
  }

  /** By these an image could redirect names of other layers or hide them. */
  static boolean steersOverlay(String name) {
    return name.startsWith("trusted.overlay.") || name.startsWith("user.overlay.");
  }

  /** What this file system or kind of file cannot hold is left out, as Docker does. */
  private static void tolerant(String name, Runnable set) {
    try {
      set.run();
    } catch (LinuxException e) {
      boolean unsupported =
          e.is(Errno.EOPNOTSUPP) || (e.is(Errno.EPERM) && name.startsWith("user."));
      if (!unsupported) {
        throw e;
      }
    }
  }
}
