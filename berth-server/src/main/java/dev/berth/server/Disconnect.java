package dev.berth.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** What is to happen when the client of a running request leaves. Safe for use by any thread. */
public final class Disconnect {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Runnable> actions = new LinkedHashMap<>();
  private boolean happened;

  Disconnect() {}

  /** An action that waits for the client to leave; closing it forgets the action. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  Registration register(Runnable action) {
    lock.lock();
    try {
      if (!happened) {
        Object token = new Object();
        actions.put(token, action);
        return () -> forget(token);
      }
    } finally {
      lock.unlock();
    }
    action.run();
    return () -> {};
  }

  void happen() {
    List<Runnable> due;
    lock.lock();
    try {
      happened = true;
      due = List.copyOf(actions.values());
      actions.clear();
    } finally {
      lock.unlock();
    }
    due.forEach(Runnable::run);
  }

  boolean happened() {
    lock.lock();
    try {
      return happened;
    } finally {
      lock.unlock();
    }
  }

  private void forget(Object token) {
    lock.lock();
    try {
      actions.remove(token);
    } finally {
      lock.unlock();
    }
  }
}
