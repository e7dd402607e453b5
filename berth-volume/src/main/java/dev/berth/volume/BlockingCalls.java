package dev.berth.volume;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs long kernel calls on a platform thread of their own. A virtual thread inside a foreign call
 * keeps its carrier; a few copies of large trees at once would leave none for anybody else.
 */
public final class BlockingCalls {
  private BlockingCalls() {}

  /** Runs the body to its end and passes on what it returns or throws. */
  public static <T> T run(String name, Supplier<T> body) {
    if (!Thread.currentThread().isVirtual()) {
      return body.get();
    }
    CompletableFuture<T> result = start(name, body);
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name + ": interrupted", e);
    }
  }

  /**
   * Waits for the body only so long. It is not stopped then, as the kernel cannot be.
   *
   * @param late what to do with a result that comes after nobody waits any more
   * @throws TimeoutException when it takes longer
   */
  public static <T> T run(String name, Duration patience, Supplier<T> body, Consumer<T> late)
      throws TimeoutException {
    CompletableFuture<T> result = start(name, body);
    try {
      return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } catch (TimeoutException e) {
      CompletableFuture<Void> _ = result.thenAccept(late);
      throw e;
    } catch (InterruptedException e) {
      CompletableFuture<Void> _ = result.thenAccept(late);
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name + ": interrupted", e);
    }
  }

  private static <T> CompletableFuture<T> start(String name, Supplier<T> body) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("berth-" + name)
        .daemon()
        .start(() -> {
          try {
            result.complete(body.get());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    return switch (e.getCause()) {
      case RuntimeException failure -> failure;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(e);
    };
  }
}
