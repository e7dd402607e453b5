package dev.berth.archive;

import dev.berth.linux.KernelStrings;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive as a stream: ustar, pax and GNU forms, sparse files of all three GNU formats.
 * The values of extended attributes come through as bytes, which the usual libraries turn into text
 * and so break capabilities; that, and speed, is why it is here.
 *
 * <p>Every length is bounded before memory is taken for it. Not safe for use by several threads.
 */
public final class TarReader {
  private static final int BLOCK = TarHeader.BLOCK;
  private static final int LONGEST_EXTENSION = 1 << 20;
  private static final PaxRecords NO_RECORDS = new PaxRecords();

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private final byte[] skipped = new byte[8192];
  private long remaining;
  private int padding;
  private boolean ended;

  /**
   * @param in the archive, not compressed; better buffered
   */
  public TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next member, or null at the end; what is left of the one before is passed over.
   *
   * @throws TarFormatException when the archive is broken or ends early
   */
  public @Nullable TarEntry next() throws IOException {
    skipContent();
    PaxRecords pax = NO_RECORDS;
    String longName = null;
    String longLink = null;
    while (true) {
      if (!readHeader()) {
        return null;
      }
      TarHeader header = new TarHeader(block);
      if (header.isZero()) {
        ended = true;
        return null;
      }
      header.verifyChecksum();
      switch (header.type()) {
        case 'x', 'X' -> pax = PaxRecords.parse(extension(header.size()));
        case 'g' -> extension(header.size());
        case 'L' -> longName = terminated(extension(header.size()));
        case 'K' -> longLink = terminated(extension(header.size()));
        default -> {
          return entry(header, pax, longName, longLink);
        }
      }
    }
  }

  /** Whether the mark was read with which every complete archive ends. */
  public boolean ended() {
    return ended;
  }

  private TarEntry entry(
      TarHeader header, PaxRecords pax, @Nullable String longName, @Nullable String longLink)
      throws IOException {
    String name = first(pax.text("GNU.sparse.name"), pax.text("path"), longName, header.name());
    TarEntry.Kind kind = kind(header.type(), name);
    long stored = pax.number("size", header.size());
    if (stored < 0) {
      throw new TarFormatException("archive/tar: invalid tar header");
    }
    boolean hasContent = kind == TarEntry.Kind.FILE;
    long content = hasContent ? stored : 0;
    // Everything is taken from the header before a sparse map may overwrite the block.
    String link =
        kind == TarEntry.Kind.HARD_LINK || kind == TarEntry.Kind.SYMBOLIC_LINK
            ? first(pax.text("linkpath"), longLink, header.linkName())
            : "";
    int mode = header.mode();
    int user = TarHeader.identity(pax.number("uid", header.userId() & 0xFFFF_FFFFL));
    int group = TarHeader.identity(pax.number("gid", header.groupId() & 0xFFFF_FFFFL));
    var modified = pax.time("mtime", header.modifiedSeconds());
    boolean device = kind == TarEntry.Kind.CHARACTER_DEVICE || kind == TarEntry.Kind.BLOCK_DEVICE;
    int major = device ? header.deviceMajor() : 0;
    int minor = device ? header.deviceMinor() : 0;
    remaining = content;
    padding = (int) (-content & (BLOCK - 1));
    Layout layout = hasContent ? layout(header, pax, content) : new Layout(0, List.of());
    return new TarEntry(
        kind,
        name,
        link,
        mode,
        user,
        group,
        layout.size,
        modified,
        major,
        minor,
        Map.copyOf(pax.xattrs()),
        layout.regions);
  }

  private record Layout(long size, List<TarEntry.Region> regions) {}

  private Layout layout(TarHeader header, PaxRecords pax, long stored) throws IOException {
    if (header.type() == 'S') {
      long real = header.gnuRealSize();
      SparseMap map = new SparseMap();
      header.sparsePairs(386, 4, map);
      boolean more = header.gnuSparseContinues();
      while (more) {
        readFully(block);
        TarHeader extended = new TarHeader(block);
        extended.sparsePairs(0, 21, map);
        more = extended.at(504) != 0;
      }
      return new Layout(real, map.finish(real, stored));
    }
    SparseMap map = pax.isSparseOne() ? sparseOne() : pax.sparseMap();
    if (map == null) {
      return new Layout(stored, SparseMap.whole(stored));
    }
    long real = pax.number("GNU.sparse.realsize", pax.number("GNU.sparse.size", stored));
    return new Layout(real, map.finish(real, remaining));
  }

  /** Format 1.0: the map stands in front of the content, as lines of decimal numbers. */
  private SparseMap sparseOne() throws IOException {
    SparseMap map = new SparseMap();
    long before = remaining;
    long pairs = line();
    for (long i = 0; i < pairs; i++) {
      map.add(line(), line());
    }
    long used = before - remaining;
    long rest = -used & (BLOCK - 1);
    for (long i = 0; i < rest; i++) {
      one();
    }
    return map;
  }

  private long line() throws IOException {
    long value = 0;
    for (int digits = 0; ; digits++) {
      int c = one();
      if (c == '\n' && digits > 0) {
        return value;
      }
      if (c < '0' || c > '9' || digits > 18) {
        throw new TarFormatException("archive/tar: invalid sparse map");
      }
      value = value * 10 + c - '0';
    }
  }

  private int one() throws IOException {
    int c = remaining > 0 ? in.read() : -1;
    if (c < 0) {
      throw endsEarly();
    }
    remaining--;
    return c;
  }

  /** Reads stored content of the current member; -1 at its end. */
  public int read(byte[] into, int offset, int length) throws IOException {
    if (remaining == 0) {
      return -1;
    }
    int count = in.read(into, offset, (int) Math.min(length, remaining));
    if (count < 0) {
      throw endsEarly();
    }
    remaining -= count;
    return count;
  }

  private void skipContent() throws IOException {
    long toSkip = remaining + padding;
    remaining = 0;
    padding = 0;
    while (toSkip > 0) {
      int count = in.read(skipped, 0, (int) Math.min(skipped.length, toSkip));
      if (count < 0) {
        throw endsEarly();
      }
      toSkip -= count;
    }
  }

  private byte[] extension(long size) throws IOException {
    if (size > LONGEST_EXTENSION) {
      throw new TarFormatException("archive/tar: header field too long");
    }
    byte[] content = new byte[(int) size];
    readFully(content);
    padding = (int) (-size & (BLOCK - 1));
    skipContent();
    return content;
  }

  private boolean readHeader() throws IOException {
    int count = in.readNBytes(block, 0, BLOCK);
    if (count == 0) {
      return false;
    }
    if (count < BLOCK) {
      throw endsEarly();
    }
    return true;
  }

  private void readFully(byte[] into) throws IOException {
    if (in.readNBytes(into, 0, into.length) < into.length) {
      throw endsEarly();
    }
  }

  private static TarFormatException endsEarly() {
    return new TarFormatException("unexpected EOF");
  }

  private static String terminated(byte[] content) {
    int end = 0;
    while (end < content.length && content[end] != 0) {
      end++;
    }
    return KernelStrings.decode(content, 0, end);
  }

  private static String first(@Nullable String... candidates) {
    for (String candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return "";
  }

  private static TarEntry.Kind kind(char type, String name) throws TarFormatException {
    return switch (type) {
      case '0', '\0', '7', 'S' ->
          type != 'S' && name.endsWith("/") ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
      case '1' -> TarEntry.Kind.HARD_LINK;
      case '2' -> TarEntry.Kind.SYMBOLIC_LINK;
      case '3' -> TarEntry.Kind.CHARACTER_DEVICE;
      case '4' -> TarEntry.Kind.BLOCK_DEVICE;
      case '5' -> TarEntry.Kind.DIRECTORY;
      case '6' -> TarEntry.Kind.FIFO;
      default -> throw new TarFormatException("unhandled tar header type " + (int) type);
    };
  }
}
