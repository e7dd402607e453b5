package dev.berth.archive;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How a stream is compressed, told by its first bytes. All codecs run in this process. */
public enum Compression {
  /** Not at all. */
  NONE,
  /** gzip. */
  GZIP,
  /** Zstandard. */
  ZSTD,
  /** xz. */
  XZ,
  /** bzip2. */
  BZIP2;

  /** How many first bytes tell. */
  public static final int MAGIC_BYTES = 6;

  private static final int BUFFER = 64 * 1024;
  private static final int XZ_MEMORY_KIB = 128 * 1024;

  /** Tells from the first bytes. */
  public static Compression detect(byte[] start) {
    if (begins(start, 0x1F, 0x8B, 0x08)) {
      return GZIP;
    }
    if (begins(start, 0x28, 0xB5, 0x2F, 0xFD)) {
      return ZSTD;
    }
    if (begins(start, 0xFD, '7', 'z', 'X', 'Z', 0)) {
      return XZ;
    }
    if (begins(start, 'B', 'Z', 'h')) {
      return BZIP2;
    }
    return NONE;
  }

  private static boolean begins(byte[] start, int... magic) {
    if (start.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((start[i] & 0xFF) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  /** Tells from the first bytes of a stream, which must support marks and stays where it was. */
  public static Compression peek(BufferedInputStream in) throws IOException {
    in.mark(MAGIC_BYTES);
    byte[] start = in.readNBytes(MAGIC_BYTES);
    in.reset();
    return detect(start);
  }

  /**
   * The content of a compressed stream.
   *
   * @throws IOException also for content that is not of this form
   */
  public InputStream open(InputStream in) throws IOException {
    return switch (this) {
      case NONE -> in;
      case GZIP -> new GZIPInputStream(in, BUFFER);
      case ZSTD -> new ZstdInputStream(in);
      case XZ -> new XZInputStream(in, XZ_MEMORY_KIB);
      case BZIP2 -> new BZip2CompressorInputStream(in, true);
    };
  }

  /**
   * A stream that compresses for speed; its end must be closed, which leaves the one below open.
   *
   * @throws IllegalArgumentException for what is only read
   */
  public OutputStream around(OutputStream out) throws IOException {
    OutputStream below = new LeftOpen(out);
    return switch (this) {
      case NONE -> new BufferedOutputStream(below, 2 * BUFFER);
      case GZIP -> new FastGzip(below);
      case ZSTD -> new ZstdOutputStream(below);
      case XZ, BZIP2 -> throw new IllegalArgumentException(this + " is only read");
    };
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private static final class LeftOpen extends OutputStream {
    private final OutputStream below;

    LeftOpen(OutputStream below) {
      this.below = below;
    }

    @Override
    public void write(int value) throws IOException {
      below.write(value);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      below.write(source, offset, length);
    }

    @Override
    public void flush() throws IOException {
      below.flush();
    }
  }

  /** The content of a stream, in whichever compression it is. */
  public static InputStream openDetected(InputStream in) throws IOException {
    BufferedInputStream buffered =
        in instanceof BufferedInputStream already ? already : new BufferedInputStream(in, BUFFER);
    Compression compression = peek(buffered);
    return compression == NONE
        ? buffered
        : new BufferedInputStream(compression.open(buffered), BUFFER);
  }
}
