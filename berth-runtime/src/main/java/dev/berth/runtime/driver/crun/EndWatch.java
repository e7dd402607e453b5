package dev.berth.runtime.driver.crun;

import dev.berth.linux.EventLoop;
import dev.berth.linux.Pidfd;
import java.util.concurrent.CompletableFuture;

/** Runs an action on a thread of its own when a process has ended. */
final class EndWatch {
  private EndWatch() {}

  /** Watches; the process's descriptor may be closed from within the action on. */
  static void on(EventLoop loop, Pidfd process, String name, Runnable action) {
    CompletableFuture<EventLoop.Registration> registration = new CompletableFuture<>();
    registration.complete(
        loop.register(
            process.fd(),
            EventLoop.READABLE | EventLoop.ONE_SHOT,
            events ->
                Thread.ofVirtual()
                    .name(name)
                    .start(() -> {
                      // The process may have ended before the registration was known.
                      registration.join().close();
                      action.run();
                    })));
  }
}
