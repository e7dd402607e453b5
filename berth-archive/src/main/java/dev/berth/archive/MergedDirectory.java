package dev.berth.archive;

import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A directory as overlayfs would show it, read from the layers without a mount. Links are never
 * followed.
 *
 * @param status of the highest layer that has it
 * @param directories the layers' own directories that make it up, the highest first
 */
public record MergedDirectory(FileStatus status, List<Path> directories) {
  private static final String OPAQUE = "trusted.overlay.opaque";

  /** Copies the list. */
  public MergedDirectory {
    directories = List.copyOf(directories);
  }

  /** The root of a stack of at least one layer, the highest first. */
  public static MergedDirectory root(List<Path> layers) {
    return new MergedDirectory(status(layers.getFirst()), layers);
  }

  /**
   * Something in it.
   *
   * @param status of what is seen
   * @param path where the highest layer has it
   * @param directory set when it is a directory
   */
  public record Child(FileStatus status, Path path, @Nullable MergedDirectory directory) {}

  /** What a name in it shows, or null when it shows nothing. */
  public @Nullable Child child(String name) {
    FileStatus first = null;
    List<Path> parts = new ArrayList<>();
    for (Path layer : directories) {
      Path path = layer.resolve(name);
      FileStatus status = FileCalls.statxIfExists(Fd.currentDirectory(), path.toString());
      if (status == null) {
        continue;
      }
      if (status.isWhiteout()) {
        break;
      }
      if (!status.isDirectory()) {
        return first == null ? new Child(status, path, null) : merged(first, parts);
      }
      first = first == null ? status : first;
      parts.add(path);
      if (isOpaque(path)) {
        break;
      }
    }
    return first == null ? null : merged(first, parts);
  }

  private static Child merged(FileStatus status, List<Path> parts) {
    return new Child(status, parts.getFirst(), new MergedDirectory(status, parts));
  }

  /** The names it shows, sorted. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    Set<String> hidden = new HashSet<>();
    for (Path layer : directories) {
      Set<String> hiddenHere = new HashSet<>();
      try (Fd directory =
          FileCalls.open(
              layer.toString(),
              FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW)) {
        for (DirectoryEntry entry : FileCalls.list(directory)) {
          if (isWhiteout(directory, entry)) {
            hiddenHere.add(entry.name());
          } else if (!hidden.contains(entry.name())) {
            names.add(entry.name());
          }
        }
      }
      hidden.addAll(hiddenHere);
    }
    return names;
  }

  private static boolean isWhiteout(Fd directory, DirectoryEntry entry) {
    if (entry.kind() != FileFlags.S_IFCHR && entry.kind() != 0) {
      return false;
    }
    FileStatus status = FileCalls.statxIfExists(directory, entry.name());
    return status != null && status.isWhiteout();
  }

  /** Whether a layer's directory hides what the layers below have there. */
  public static boolean isOpaque(Path directory) {
    try {
      return ExtendedAttributes.lgetxattr(directory.toString(), OPAQUE)
          .filter(value -> new String(value, StandardCharsets.US_ASCII).equals("y"))
          .isPresent();
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  /** Whether a layer's open directory hides what the layers below have there. */
  public static boolean isOpaque(Fd directory) {
    return ExtendedAttributes.fgetxattr(directory, OPAQUE)
        .filter(value -> new String(value, StandardCharsets.US_ASCII).equals("y"))
        .isPresent();
  }

  private static FileStatus status(Path path) {
    return FileCalls.statx(Fd.currentDirectory(), path.toString(), FileFlags.AT_SYMLINK_NOFOLLOW);
  }
}
