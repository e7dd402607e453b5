package dev.berth.server;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of a streamed answer. Bytes collect until the buffer is full or {@link #flush()}; each
 * becomes one chunk. Safe for use by several threads, whose writes do not mix.
 */
final class ResponseStream extends OutputStream {
  private static final int BUFFER_BYTES = 32 * 1024;

  private final Outbound outbound;
  private final ReentrantLock lock = new ReentrantLock();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int filled;
  private boolean closed;

  ResponseStream(Outbound outbound) {
    this.outbound = outbound;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the answer is complete");
      }
      int done = 0;
      while (done < length) {
        int count = Math.min(length - done, BUFFER_BYTES - filled);
        System.arraycopy(source, offset + done, buffer, filled, count);
        filled += count;
        done += count;
        if (filled == BUFFER_BYTES) {
          sendBuffered();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void flush() throws IOException {
    lock.lock();
    try {
      sendBuffered();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the answer. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      sendBuffered();
      outbound.send(LastHttpContent.EMPTY_LAST_CONTENT);
    } finally {
      lock.unlock();
    }
  }

  private void sendBuffered() throws IOException {
    if (filled > 0) {
      byte[] piece = Arrays.copyOf(buffer, filled);
      filled = 0;
      outbound.send(new DefaultHttpContent(Unpooled.wrappedBuffer(piece)));
    }
  }
}
