package dev.berth.image;

import java.util.concurrent.locks.ReentrantLock;

/** Lets several threads report to a sink that takes one message at a time. */
final class SerializedProgress implements ProgressSink {
  private final ProgressSink sink;
  private final ReentrantLock turn = new ReentrantLock();

  SerializedProgress(ProgressSink sink) {
    this.sink = sink;
  }

  @Override
  public void send(Message message) {
    turn.lock();
    try {
      sink.send(message);
    } finally {
      turn.unlock();
    }
  }
}
