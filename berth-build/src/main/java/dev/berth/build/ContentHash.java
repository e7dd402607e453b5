package dev.berth.build;

import dev.berth.image.Digest;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.ExtendedAttributes;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The digest of what an instruction copies: names, kinds, modes, owners and content, but no times,
 * so that a file that was written again with the same content is the same.
 */
final class ContentHash {
  private static final int FOLDER =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int SOURCE =
      FileFlags.O_RDONLY | FileFlags.O_NOFOLLOW | FileFlags.O_NONBLOCK;
  private static final int BUFFER = 128 * 1024;

  private final MessageDigest digest = Digest.sha256Hash();
  private final byte[] buffer = new byte[BUFFER];
  private final IgnorePatterns excludes;

  ContentHash(IgnorePatterns excludes) {
    this.excludes = excludes;
  }

  /** The digest of some text. */
  static String of(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** Of everything in a folder. */
  String ofChildren(Fd folder) {
    children(folder, "");
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of one name in a folder. */
  String ofOne(Fd folder, String name) {
    one(folder, name, name);
    return HexFormat.of().formatHex(digest.digest());
  }

  private void children(Fd folder, String prefix) {
    List<DirectoryEntry> entries = new ArrayList<>(FileCalls.list(folder));
    entries.sort(Comparator.comparing(DirectoryEntry::name));
    for (DirectoryEntry entry : entries) {
      one(folder, entry.name(), prefix + entry.name());
    }
  }

  private void one(Fd parent, String name, String path) {
    FileStatus status = FileCalls.statx(parent, name, FileFlags.AT_SYMLINK_NOFOLLOW);
    boolean excluded = !excludes.isEmpty() && excludes.leavesOut(path);
    if (excluded && !(status.isDirectory() && excludes.hasExceptions())) {
      return;
    }
    if (!excluded) {
      head(parent, name, path, status);
    }
    switch (status.kind()) {
      case FileFlags.S_IFDIR -> {
        try (Fd folder = FileCalls.openat(parent, name, FOLDER, 0)) {
          children(folder, path + "/");
        }
      }
      case FileFlags.S_IFREG -> content(parent, name);
      case FileFlags.S_IFLNK -> text(FileCalls.readlinkat(parent, name));
      default -> number(status.specialMajor(), status.specialMinor());
    }
  }

  private void head(Fd parent, String name, String path, FileStatus status) {
    text(path);
    boolean link = status.isSymbolicLink();
    number(status.kind(), link ? 0 : status.permissions(), status.userId(), status.groupId());
    number(status.isRegular() ? status.sizeBytes() : 0);
    String file = parent.procPath() + "/" + name;
    for (String attribute : ExtendedAttributes.llistxattr(file)) {
      if (attribute.equals("security.capability")) {
        ExtendedAttributes.lgetxattr(file, attribute).ifPresent(digest::update);
      }
    }
  }

  private void content(Fd parent, String name) {
    try (Fd file = FileCalls.openat(parent, name, SOURCE, 0)) {
      int count = FileData.read(file, buffer, 0, buffer.length);
      while (count > 0) {
        digest.update(buffer, 0, count);
        count = FileData.read(file, buffer, 0, buffer.length);
      }
    }
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
  }

  private void number(long... values) {
    for (long value : values) {
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }
  }
}
