package dev.berth.runtime.driver.conmon;

import dev.berth.linux.Errno;
import dev.berth.linux.EventLoop;
import dev.berth.linux.Fd;
import dev.berth.linux.FileData;
import dev.berth.linux.LinuxException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Reads a descriptor on the event loop until its end. */
public final class OutputReader implements AutoCloseable {
  private static final int CHUNK_BYTES = 32 * 1024;
  private static final int CHUNKS_AT_ONCE = 16;

  /** Where the bytes go; called on the loop's thread. */
  public interface Receiver {
    /** Some bytes, valid during the call: of a packet socket exactly one packet. */
    void received(ByteBuffer data);

    /** The end, once; not after {@link OutputReader#close}. */
    void ended();
  }

  private final EventLoop loop;
  private final Fd source;
  private final Receiver receiver;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private final ReentrantLock lock = new ReentrantLock();
  private EventLoop.@Nullable Registration registration;
  private boolean reset;
  private boolean closed;

  /**
   * @param source non-blocking; becomes this reader's own
   */
  public OutputReader(EventLoop loop, Fd source, Receiver receiver) {
    this.loop = loop;
    this.source = source;
    this.receiver = receiver;
  }

  /** Begins to read. */
  public void start() {
    lock.lock();
    try {
      if (!closed) {
        registration = loop.register(source, EventLoop.READABLE, this::ready);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops reading for a while, which in the end stops the writer, or goes on. */
  public void flow(boolean enabled) {
    lock.lock();
    try {
      if (!closed && registration != null) {
        registration.close();
        registration = enabled ? loop.register(source, EventLoop.READABLE, this::ready) : null;
      } else if (!closed && enabled) {
        registration = loop.register(source, EventLoop.READABLE, this::ready);
      }
    } finally {
      lock.unlock();
    }
  }

  private void ready(int events) {
    for (int i = 0; i < CHUNKS_AT_ONCE; i++) {
      int count = read();
      if (count < 0) {
        return;
      }
      if (count == 0) {
        close();
        receiver.ended();
        return;
      }
      receiver.received(ByteBuffer.wrap(chunk, 0, count));
    }
  }

  /** Bytes read, 0 at the end, -1 if there is nothing now or reading was stopped. */
  private int read() {
    lock.lock();
    try {
      return closed || registration == null ? -1 : FileData.read(source, chunk, 0, chunk.length);
    } catch (LinuxException failure) {
      return failure.is(Errno.EAGAIN) ? -1 : afterFailure(failure);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A writer that leaves input of ours unread resets the connection: the kernel tells so once, and
   * then gives what was written before.
   */
  private int afterFailure(LinuxException failure) {
    if (!failure.is(Errno.ECONNRESET) || reset) {
      return 0;
    }
    reset = true;
    return read();
  }

  /** Stops reading and closes the descriptor. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (registration != null) {
        registration.close();
        registration = null;
      }
      source.close();
    } finally {
      lock.unlock();
    }
  }
}
