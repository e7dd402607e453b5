package dev.berth.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Tells now and then, and at the end, how much was read through it. */
final class ReportingInputStream extends FilterInputStream {
  private static final long STEP = 512 * 1024;

  private final LongConsumer listener;
  private long done;
  private long reported;

  ReportingInputStream(InputStream in, LongConsumer listener) {
    super(in);
    this.listener = listener;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int count = super.read(into, offset, length);
    done += Math.max(0, count);
    boolean finished = count < 0 && reported < done;
    if (finished || done - reported >= STEP) {
      reported = done;
      listener.accept(done);
    }
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
