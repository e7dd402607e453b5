package dev.berth.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sending side of a connection for blocking writers: a write waits while the client takes no
 * more, and fails once it is gone.
 */
final class Outbound {
  private final Channel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  Outbound(Channel channel) {
    this.channel = channel;
  }

  /** Takes over the message and sends it; blocks while too much is on its way. */
  void send(Object message) throws IOException {
    try {
      awaitWritable();
    } catch (IOException failure) {
      ReferenceCountUtil.release(message);
      throw failure;
    }
    ChannelFuture _ = channel.writeAndFlush(message, channel.voidPromise());
  }

  /** Blocks until all that was sent has left for the kernel, or the client is gone. */
  void flushFully(Object lastMessage) throws IOException {
    try {
      channel.writeAndFlush(lastMessage).await();
    } catch (InterruptedException interrupted) {
      throw stopped(interrupted);
    }
  }

  /** The channel became writable, or was closed. */
  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void awaitWritable() throws IOException {
    if (channel.isWritable()) {
      return;
    }
    lock.lock();
    try {
      while (!channel.isWritable()) {
        if (!channel.isActive()) {
          throw new ClientGoneException();
        }
        changed.await();
      }
    } catch (InterruptedException interrupted) {
      throw stopped(interrupted);
    } finally {
      lock.unlock();
    }
  }

  private static InterruptedIOException stopped(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    InterruptedIOException failure = new InterruptedIOException("writing the answer was stopped");
    failure.initCause(interrupted);
    return failure;
  }
}
