package dev.berth.volume.driver.local;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Kernel calls that may wait for a server as long as it likes. Each has a thread of its own, which
 * is left behind when patience ends; at most one is for each volume, so that users who try again
 * and again leave no heap of them. Safe for use by any thread.
 */
final class PatientCalls {
  private static final System.Logger LOG = System.getLogger(PatientCalls.class.getName());

  private final Duration patience;
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  PatientCalls(Duration patience) {
    this.patience = patience;
  }

  /**
   * Runs a body and passes on what it returns or throws.
   *
   * @param late what to do with a result that nobody waits for any more; the volume has no other
   *     call before that is done
   * @throws TimeoutException with words for the user: when it takes too long, and at once while an
   *     earlier call for the volume still waits
   */
  <T> T run(String volume, Supplier<T> body, Consumer<T> late) throws TimeoutException {
    if (!waiting.add(volume)) {
      throw new TimeoutException("an earlier attempt still waits for an answer");
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    AtomicBoolean settled = new AtomicBoolean();
    Thread.ofPlatform()
        .name("berth-volume-" + volume)
        .daemon()
        .start(() -> {
          try {
            T value = body.get();
            if (settled.compareAndSet(false, true)) {
              waiting.remove(volume);
              result.complete(value);
            } else {
              undo(volume, value, late);
            }
          } catch (Throwable failure) {
            settled.set(true);
            waiting.remove(volume);
            result.completeExceptionally(failure);
          }
        });
    return await(result, settled);
  }

  private <T> void undo(String volume, T value, Consumer<T> late) {
    try {
      late.accept(value);
    } catch (RuntimeException failure) {
      LOG.log(System.Logger.Level.WARNING, "volume " + volume + ": late answer", failure);
    } finally {
      waiting.remove(volume);
    }
  }

  private <T> T await(CompletableFuture<T> result, AtomicBoolean settled) throws TimeoutException {
    try {
      return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (settled.compareAndSet(false, true)) {
        throw new TimeoutException("no answer within " + patience.toSeconds() + " seconds");
      }
      return result.join();
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case RuntimeException failure -> failure;
        case Error error -> throw error;
        case null, default -> new IllegalStateException(e);
      };
    } catch (InterruptedException e) {
      settled.set(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
