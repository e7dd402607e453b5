package dev.berth.volume;

import dev.berth.archive.ArchiveUnpacker;
import dev.berth.archive.Compression;
import dev.berth.archive.TarFormatException;
import dev.berth.archive.TarReader;
import dev.berth.archive.TarWriter;
import dev.berth.archive.TreePacker;
import dev.berth.core.EngineException;
import dev.berth.linux.Fd;
import dev.berth.linux.LinuxException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A volume's content as a tar stream, in the form that plain tar writes and reads. */
final class VolumeArchive {
  private static final int BUFFER = 128 * 1024;
  private static final long MOST_TRAILING_BYTES = 1L << 20;

  private VolumeArchive() {}

  /** Writes a folder's content; the stream stays open. */
  static void write(Fd data, Compression compression, OutputStream out) throws IOException {
    OutputStream packed = compression.around(out);
    try (TarWriter tar = TarWriter.withExactTimes(packed)) {
      TreePacker.whole(tar).packWithRoot(data);
    }
    packed.close();
    out.flush();
  }

  /**
   * Reads a whole archive into a folder.
   *
   * @throws EngineException INVALID for an archive that is broken, cut short or tries to climb out
   */
  static void read(InputStream in, Fd data, int strippedComponents) throws IOException {
    Source source = new Source(in);
    try (ArchiveUnpacker unpacker = ArchiveUnpacker.ofTree(data, strippedComponents)) {
      InputStream content = Compression.openDetected(source);
      TarReader tar = new TarReader(content);
      unpacker.unpack(tar);
      if (!tar.ended()) {
        throw new TarFormatException("unexpected EOF");
      }
      readToTheEnd(content);
    } catch (IOException e) {
      if (source.broken) {
        throw e;
      }
      throw EngineException.invalid("the archive cannot be taken: " + e.getMessage());
    } catch (LinuxException e) {
      throw EngineException.internal("the archive cannot be unpacked: " + e.getMessage(), e);
    }
  }

  /** So that a broken end of a compressed stream is seen. */
  private static void readToTheEnd(InputStream content) throws IOException {
    byte[] rest = new byte[BUFFER];
    long passed = 0;
    for (int count = content.read(rest); count >= 0; count = content.read(rest)) {
      passed += count;
      if (passed > MOST_TRAILING_BYTES) {
        throw new TarFormatException("something follows its end");
      }
    }
  }

  /** Tells a sender that is gone from an archive that is broken. */
  private static final class Source extends FilterInputStream {
    private boolean broken;

    Source(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      try {
        return super.read(into, offset, length);
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }
  }
}
