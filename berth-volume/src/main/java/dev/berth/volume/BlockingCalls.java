package dev.berth.volume;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
