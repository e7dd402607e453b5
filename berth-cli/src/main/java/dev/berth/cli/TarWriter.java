package dev.berth.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes files into a tar stream in the format of POSIX.1-2001: what a header has no room for goes
 * into an extended header in front of it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/tar.5.html">tar(5)</a>
 */
final class TarWriter implements AutoCloseable {
  static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final long LARGEST_OCTAL_SIZE = 0_77777777777L;
  private static final long LARGEST_OCTAL_ID = 0_7777777L;
  private static final int PERMISSIONS = 0_7777;

  private final OutputStream out;
  private final Map<Object, String> written = new HashMap<>();

  TarWriter(OutputStream out) {
    this.out = out;
  }

  /** What a header says. */
  record Header(String name, char type, long mode, Owner owner, long size, Link link, long time) {}

  /** Whose a file is. */
  record Owner(long user, long group) {
    static final Owner ROOT = new Owner(0, 0);
  }

  /** Where a link points; empty for what is none. */
  record Link(String target) {
    static final Link NONE = new Link("");
  }

  /**
   * Adds one file, folder or symbolic link as it is; sockets and devices are left out.
   *
   * @param keepOwner whether its owner goes with it; root otherwise
   */
  void add(String name, Path file, boolean keepOwner) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(
            file,
            "unix:mode,uid,gid,ino,dev,nlink,size,lastModifiedTime,isDirectory,isSymbolicLink,"
                + "isRegularFile",
            LinkOption.NOFOLLOW_LINKS);
    long mode = ((Integer) facts.get("mode")).longValue() & PERMISSIONS;
    Owner owner =
        keepOwner
            ? new Owner(
                ((Integer) facts.get("uid")).longValue(), ((Integer) facts.get("gid")).longValue())
            : Owner.ROOT;
    long time = ((java.nio.file.attribute.FileTime) facts.get("lastModifiedTime")).toMillis() / 1000;
    if (facts.get("isSymbolicLink").equals(true)) {
      Link link = new Link(Files.readSymbolicLink(file).toString());
      write(new Header(name, '2', mode, owner, 0, link, time));
    } else if (facts.get("isDirectory").equals(true)) {
      write(new Header(name + "/", '5', mode, owner, 0, Link.NONE, time));
    } else if (facts.get("isRegularFile").equals(true)) {
      String first = written.putIfAbsent(facts.get("dev") + ":" + facts.get("ino"), name);
      if (first != null && (Integer) facts.get("nlink") > 1) {
        write(new Header(name, '1', mode, owner, 0, new Link(first), time));
      } else {
        long size = (Long) facts.get("size");
        write(new Header(name, '0', mode, owner, size, Link.NONE, time));
        copy(file, size);
      }
    }
  }

  /** Adds a file that is only in memory. */
  void add(String name, byte[] content) throws IOException {
    write(new Header(name, '0', 0_600, Owner.ROOT, content.length, Link.NONE, 0));
    out.write(content);
    pad(content.length);
  }

  /** Exactly so many bytes, whatever happens to the file meanwhile. */
  private void copy(Path file, long size) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long left = size;
    try (InputStream in = Files.newInputStream(file)) {
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          throw new IOException(file + " became shorter while it was read");
        }
        out.write(buffer, 0, count);
        left -= count;
      }
    }
    pad(size);
  }

  private void write(Header header) throws IOException {
    Map<String, String> extended = new LinkedHashMap<>();
    if (isLong(header.name())) {
      extended.put("path", header.name());
    }
    if (isLong(header.link().target())) {
      extended.put("linkpath", header.link().target());
    }
    if (header.size() > LARGEST_OCTAL_SIZE) {
      extended.put("size", Long.toString(header.size()));
    }
    if (header.owner().user() > LARGEST_OCTAL_ID) {
      extended.put("uid", Long.toString(header.owner().user()));
    }
    if (header.owner().group() > LARGEST_OCTAL_ID) {
      extended.put("gid", Long.toString(header.owner().group()));
    }
    if (!extended.isEmpty()) {
      byte[] records = records(extended);
      out.write(
          block(
              new Header("pax", 'x', 0_644, Owner.ROOT, records.length, Link.NONE, header.time())));
      out.write(records);
      pad(records.length);
    }
    out.write(block(header));
  }

  private static boolean isLong(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length > NAME_BYTES || bytes.length != text.length();
  }

  /** Each record begins with its own length, the digits of that included. */
  private static byte[] records(Map<String, String> fields) {
    StringBuilder text = new StringBuilder();
    fields.forEach((key, value) -> {
      String rest = " " + key + "=" + value + "\n";
      int length = rest.getBytes(StandardCharsets.UTF_8).length;
      int whole = length + Integer.toString(length).length();
      whole = length + Integer.toString(whole).length();
      text.append(whole).append(rest);
    });
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] block(Header header) {
    byte[] block = new byte[BLOCK];
    text(block, 0, NAME_BYTES, header.name());
    octal(block, 100, 8, header.mode());
    octal(block, 108, 8, Math.min(header.owner().user(), LARGEST_OCTAL_ID));
    octal(block, 116, 8, Math.min(header.owner().group(), LARGEST_OCTAL_ID));
    octal(block, 124, 12, header.size() > LARGEST_OCTAL_SIZE ? 0 : header.size());
    octal(block, 136, 12, Math.max(header.time(), 0));
    block[156] = (byte) header.type();
    text(block, 157, NAME_BYTES, header.link().target());
    text(block, 257, 6, "ustar");
    text(block, 263, 2, "00");
    java.util.Arrays.fill(block, 148, 156, (byte) ' ');
    long sum = 0;
    for (byte one : block) {
      sum += one & 0xff;
    }
    octal(block, 148, 7, sum);
    return block;
  }

  private static void text(byte[] block, int at, int length, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, block, at, Math.min(bytes.length, length));
  }

  private static void octal(byte[] block, int at, int length, long value) {
    String digits = Long.toString(value, 8);
    text(block, at, length - 1, "0".repeat(length - 1 - digits.length()) + digits);
    block[at + length - 1] = 0;
  }

  private void pad(long size) throws IOException {
    int rest = (int) (size % BLOCK);
    if (rest > 0) {
      out.write(new byte[BLOCK - rest]);
    }
  }

  /** Ends the archive; the stream below stays open. */
  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }
}
