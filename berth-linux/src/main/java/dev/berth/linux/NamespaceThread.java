package dev.berth.linux;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread for one piece of work inside other namespaces. The result is taken after the
 * thread has ended, so that nobody is woken by, and no thread is started from, a thread that is
 * still inside.
 */
final class NamespaceThread<T extends @Nullable Object> {
  private final Callable<T> body;
  private final Thread thread;
  private @Nullable T result;
  private @Nullable Throwable failure;

  NamespaceThread(Callable<T> body) {
    this.body = body;
    this.thread = Thread.ofPlatform().name("berth-namespace").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      result = body.call();
    } catch (Throwable thrown) {
      failure = thrown;
    }
  }

  /** Not interruptible: the body may hold what its caller must get. */
  @SuppressWarnings("NullAway") // the result is null only where T allows it
  T awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return result;
  }
}
