package dev.berth.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Two outputs on one stream: each write becomes a frame of a kind, three zero bytes, the length in
 * four bytes, and the data. Frames of several threads do not mix; every frame is flushed.
 */
final class FramedStream {
  private static final int HEADER_BYTES = 8;
  private static final int MAX_FRAME_BYTES = 32 * 1024;

  private final OutputStream target;
  private final boolean flushEach;
  private final ReentrantLock lock = new ReentrantLock();

  FramedStream(OutputStream target, boolean flushEach) {
    this.target = target;
    this.flushEach = flushEach;
  }

  /** What is written here has the kind 1. */
  OutputStream standardOutput() {
    return new Frames((byte) 1);
  }

  /** What is written here has the kind 2. */
  OutputStream standardError() {
    return new Frames((byte) 2);
  }

  private final class Frames extends OutputStream {
    private final byte kind;

    Frames(byte kind) {
      this.kind = kind;
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
        for (int done = 0; done < length; ) {
          int count = Math.min(length - done, MAX_FRAME_BYTES - HEADER_BYTES);
          ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + count);
          frame.put(kind).put(new byte[3]).putInt(count).put(source, offset + done, count);
          target.write(frame.array());
          done += count;
        }
        if (flushEach) {
          target.flush();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void flush() throws IOException {
      lock.lock();
      try {
        target.flush();
      } finally {
        lock.unlock();
      }
    }
  }
}
