package dev.berth.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What arrived on a connection and was not taken yet. The event loop puts, the connection's virtual
 * thread takes. Bounded by bytes: when too much waits, the socket is no longer read, so that a fast
 * sender is held back by the kernel.
 *
 * <p>Both threads may find that reading should stop or go on, but only the event loop acts on it,
 * by what is true when it does: a word that was overtaken on its way would leave a socket unread
 * for ever.
 */
final class Inbound {
  /** Stands behind the last message when the client has closed its sending side. */
  static final Object END = new End();

  private static final int HIGH_BYTES = 512 * 1024;
  private static final int LOW_BYTES = 128 * 1024;

  private final EventLoop eventLoop;
  private final ReadGate gate;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Object> messages = new ArrayDeque<>();
  private long bytes;
  private boolean paused;
  private boolean ended;

  Inbound(EventLoop eventLoop, ReadGate gate) {
    this.eventLoop = eventLoop;
    this.gate = gate;
  }

  /** Takes over the message; never blocks. Called on the event loop. */
  void put(Object message) {
    boolean pause = false;
    lock.lock();
    try {
      if (ended) {
        ReferenceCountUtil.release(message);
        return;
      }
      if (message instanceof End) {
        ended = true;
      } else {
        messages.add(message);
        bytes += size(message);
        pause = bytes > HIGH_BYTES && !paused;
        paused |= pause;
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    if (pause) {
      regulate();
    }
  }

  /** The next message, which the caller releases; null when the client sends no more. */
  @Nullable Object take() throws InterruptedException {
    boolean resume = false;
    Object message;
    lock.lockInterruptibly();
    try {
      while (messages.isEmpty() && !ended) {
        arrived.await();
      }
      message = messages.poll();
      if (message != null) {
        bytes -= size(message);
        resume = paused && bytes < LOW_BYTES;
        paused &= !resume;
      }
    } finally {
      lock.unlock();
    }
    if (resume) {
      eventLoop.execute(this::regulate);
    }
    return message;
  }

  private void regulate() {
    boolean full;
    lock.lock();
    try {
      full = paused;
    } finally {
      lock.unlock();
    }
    gate.queueFull(full);
  }

  /** Whether a take would not block. */
  boolean ready() {
    lock.lock();
    try {
      return !messages.isEmpty() || ended;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the input and gives back what nobody will take. */
  void discard() {
    lock.lock();
    try {
      ended = true;
      messages.forEach(ReferenceCountUtil::release);
      messages.clear();
      bytes = 0;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static final class End {}

  private static int size(Object message) {
    return switch (message) {
      case ByteBuf buffer -> buffer.readableBytes();
      case ByteBufHolder holder -> holder.content().readableBytes();
      default -> 0;
    };
  }
}
