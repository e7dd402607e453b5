package dev.berth.image.content;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Hashes, counts and optionally copies everything that is read through it. */
final class CapturingInputStream extends FilterInputStream {
  private final MessageDigest hash;
  private final @Nullable OutputStream copy;
  private long count;

  CapturingInputStream(InputStream in, MessageDigest hash, @Nullable OutputStream copy) {
    super(in);
    this.hash = hash;
    this.copy = copy;
  }

  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int result = super.read(into, offset, length);
    if (result > 0) {
      hash.update(into, offset, result);
      count += result;
      if (copy != null) {
        copy.write(into, offset, result);
      }
    }
    return result;
  }

  @Override
  public long skip(long length) throws IOException {
    byte[] passed = new byte[(int) Math.min(8192, Math.max(0, length))];
    return passed.length == 0 ? 0 : Math.max(0, read(passed, 0, passed.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Reads to the end, so that all of it is hashed. */
  void drain() throws IOException {
    byte[] rest = new byte[64 * 1024];
    int result;
    do {
      result = read(rest, 0, rest.length);
    } while (result >= 0);
  }
}
