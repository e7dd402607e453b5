package dev.berth.runtime.driver.conmon;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.EventLoop;
import dev.berth.linux.Fd;
import dev.berth.linux.LinuxException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a descriptor that may not take everything at once, and waits on the event loop instead
 * of holding a thread of the JVM in the kernel.
 */
public final class InputWriter implements AutoCloseable {
  /** conmon takes no larger packet. */
  private static final int LARGEST_PACKET = 16 * 1024;

  /** One non-blocking call. */
  @FunctionalInterface
  public interface Call {
    /** Writes some, and tells how many bytes were taken. */
    int write(Fd target, byte[] content, int offset, int length);
  }

  private final EventLoop loop;
  private final Call call;
  private final ReentrantLock lock = new ReentrantLock();
  private final Fd target;
  private volatile boolean closed;
  private volatile @Nullable CompletableFuture<Boolean> waiting;

  /**
   * @param target non-blocking; becomes this writer's own
   */
  public InputWriter(EventLoop loop, Fd target, Call call) {
    this.loop = loop;
    this.target = target;
    this.call = call;
  }

  /** Writes everything; stops without an error when the reader or this writer was closed. */
  public void write(ByteBuffer input) {
    byte[] packet = new byte[Math.min(LARGEST_PACKET, input.remaining())];
    while (input.hasRemaining() && !closed) {
      int length = Math.min(packet.length, input.remaining());
      input.get(packet, 0, length);
      int done = 0;
      while (done < length && !closed) {
        int count = tryWrite(packet, done, length - done);
        if (count < 0) {
          awaitWritable();
        } else {
          done += count;
        }
      }
    }
  }

  /** Bytes taken, or -1 if none can be taken now. */
  private int tryWrite(byte[] packet, int offset, int length) {
    lock.lock();
    try {
      return closed ? length : call.write(target, packet, offset, length);
    } catch (LinuxException failure) {
      if (failure.is(Errno.EAGAIN)) {
        return -1;
      }
      if (failure.is(Errno.EPIPE) || failure.is(Errno.ECONNRESET)) {
        closed = true;
        return length;
      }
      throw EngineException.internal("writing input failed", failure);
    } finally {
      lock.unlock();
    }
  }

  private void awaitWritable() {
    CompletableFuture<Boolean> writable = new CompletableFuture<>();
    EventLoop.Registration registration;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      waiting = writable;
      registration =
          loop.register(
              target, EventLoop.WRITABLE | EventLoop.ONE_SHOT, events -> writable.complete(true));
    } finally {
      lock.unlock();
    }
    writable.join();
    lock.lock();
    try {
      registration.close();
    } finally {
      lock.unlock();
    }
  }

  /** Closes the descriptor; a waiting write gives up. Idempotent. */
  @Override
  public void close() {
    closed = true;
    CompletableFuture<Boolean> writer = waiting;
    if (writer != null) {
      writer.complete(false);
    }
    lock.lock();
    try {
      target.close();
    } finally {
      lock.unlock();
    }
  }
}
