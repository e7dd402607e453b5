package dev.berth.network.dns;

import dev.berth.linux.Errno;
import dev.berth.linux.EventLoop;
import dev.berth.linux.Fd;
import dev.berth.linux.FileData;
import dev.berth.linux.LinuxException;
import dev.berth.linux.UnixSockets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks by TCP: each message has its length before it (RFC 1035, section 4.2.2).
 * Reading is for one thread, writing and closing for any.
 */
final class TcpClient implements AutoCloseable {
  private static final int LENGTH_BYTES = 2;
  // A question with all that EDNS may bring; more is not waited for.
  private static final int LONGEST_QUESTION = 4096;

  private final OpenSandbox sandbox;
  private final Fd socket;
  private final byte[] received = new byte[LENGTH_BYTES + LONGEST_QUESTION];
  // Held while the socket is in use: its number must not be given to another file meanwhile.
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger expected = new AtomicInteger();
  private volatile boolean finished;
  private int filled;
  private EventLoop.@Nullable Registration registration;

  TcpClient(OpenSandbox sandbox, Fd socket) {
    this.sandbox = sandbox;
    this.socket = socket;
  }

  OpenSandbox sandbox() {
    return sandbox;
  }

  void watch(EventLoop loop, EventLoop.Handler handler) {
    lock.lock();
    try {
      if (socket.isOpen()) {
        registration = loop.register(socket, EventLoop.READABLE, handler);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Reads what is there; false when the client has gone or sends too much. */
  boolean read() {
    lock.lock();
    try {
      if (!socket.isOpen() || filled == received.length) {
        return false;
      }
      int count = FileData.read(socket, received, filled, received.length - filled);
      filled += Math.max(0, count);
      return count > 0;
    } catch (LinuxException e) {
      return e.is(Errno.EAGAIN);
    } finally {
      lock.unlock();
    }
  }

  /** The next whole message; null when there is none yet. */
  byte @Nullable [] next() {
    int end = filled < LENGTH_BYTES ? Integer.MAX_VALUE : LENGTH_BYTES + Wire.int16(received, 0);
    if (end > filled) {
      return null;
    }
    byte[] message = Arrays.copyOfRange(received, LENGTH_BYTES, end);
    System.arraycopy(received, end, received, 0, filled - end);
    filled -= end;
    return message;
  }

  /** An answer will come later. */
  void expectAnswer() {
    expected.incrementAndGet();
  }

  /** The later answer has been sent; true when it was the last one the client waits for. */
  boolean answered() {
    return expected.decrementAndGet() == 0 && finished;
  }

  /** The client asks nothing more; true when it waits for no answer either. */
  boolean finish() {
    finished = true;
    lock.lock();
    try {
      if (registration != null) {
        registration.close();
      }
    } finally {
      lock.unlock();
    }
    return expected.get() == 0;
  }

  /** Sends a message without waiting; false when the client does not take it. */
  boolean write(byte[] message) {
    byte[] framed = new byte[LENGTH_BYTES + message.length];
    Wire.putInt16(framed, 0, message.length);
    System.arraycopy(message, 0, framed, LENGTH_BYTES, message.length);
    lock.lock();
    try {
      return socket.isOpen() && UnixSockets.send(socket, framed, 0, framed.length) == framed.length;
    } catch (LinuxException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (registration != null) {
        registration.close();
      }
      socket.close();
    } finally {
      lock.unlock();
    }
  }
}
