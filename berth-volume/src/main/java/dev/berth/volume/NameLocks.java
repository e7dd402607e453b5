package dev.berth.volume;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A lock per volume name, so that a driver which hangs holds up only its own volumes. */
final class NameLocks {
  private final Map<String, Shared> locks = new HashMap<>();

  private static final class Shared {
    private final ReentrantLock lock = new ReentrantLock();
    private int holders;
  }

  /** Waits for the name and holds it until closed. */
  Held hold(String name) {
    Shared shared;
    synchronized (locks) {
      shared = locks.computeIfAbsent(name, key -> new Shared());
      shared.holders++;
    }
    shared.lock.lock();
    return () -> release(name, shared);
  }

  private void release(String name, Shared shared) {
    shared.lock.unlock();
    synchronized (locks) {
      shared.holders--;
      if (shared.holders == 0) {
        locks.remove(name);
      }
    }
  }

  /** A name that is held. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }
}
