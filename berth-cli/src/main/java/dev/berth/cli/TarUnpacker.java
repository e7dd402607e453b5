package dev.berth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Unpacks what came from a container, whose content is not trusted: nothing is written through a
 * symbolic link, and nothing outside of the target.
 */
final class TarUnpacker {
  private static final int PERMISSIONS = 0_7777;

  private final Path target;
  private final boolean keepOwner;

  /**
   * An unpacker.
   *
   * @param target what the first entry becomes
   */
  TarUnpacker(Path target, boolean keepOwner) {
    this.target = target;
    this.keepOwner = keepOwner;
  }

  /** Unpacks the stream; returns how many bytes the files have. */
  long unpack(InputStream stream) throws IOException {
    TarReader tar = new TarReader(stream);
    long bytes = 0;
    for (TarReader.Entry entry = tar.next(); entry != null; entry = tar.next()) {
      Path file = place(entry.name());
      switch (entry.type()) {
        case '5' -> folder(file);
        case '2' -> {
          makeRoom(file);
          Files.createSymbolicLink(file, Path.of(entry.link()));
        }
        case '1' -> {
          Path existing = place(entry.link());
          makeRoom(file);
          Files.createLink(file, existing);
        }
        case '0' -> {
          makeRoom(file);
          try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            bytes += tar.content().transferTo(out);
          }
        }
        default -> {
          continue;
        }
      }
      keep(file, entry);
    }
    return bytes;
  }

  /** The file of an entry: the first part of its name is the target itself. */
  private Path place(String name) {
    String[] parts =
        Arrays.stream(name.split("/", -1)).filter(part -> !part.isEmpty()).toArray(String[]::new);
    Path file = target;
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].equals("..") || parts[i].indexOf('\0') >= 0) {
        throw new CliException(1, "the archive has an entry outside of what was asked: " + name);
      }
      if (i > 1 && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new CliException(1, "the archive has an entry behind a link: " + name);
      }
      file = file.resolve(parts[i]);
    }
    return file;
  }

  private static void folder(Path file) throws IOException {
    if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      makeRoom(file);
      Files.createDirectory(file);
    }
  }

  private static void makeRoom(Path file) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new CliException(1, "cannot overwrite directory \"" + file + "\" with non-directory");
    }
    Files.deleteIfExists(file);
  }

  private void keep(Path file, TarReader.Entry entry) throws IOException {
    if (keepOwner) {
      Files.setAttribute(
          file, "unix:uid", (int) entry.owner().user(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(
          file, "unix:gid", (int) entry.owner().group(), LinkOption.NOFOLLOW_LINKS);
    }
    if (entry.type() != '2') {
      Files.setAttribute(file, "unix:mode", entry.mode() & PERMISSIONS);
    }
  }
}
