package dev.berth.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Work on the disk that takes long: whoever asks for it while it is under way waits for the same
 * outcome instead of doing it once more. Safe for use by any thread.
 *
 * @param <T> the outcome
 */
public final class SharedWork<T> {
  private static final int MOST_THREADS = 4;

  private final Supplier<T> work;
  private final AtomicReference<CompletableFuture<T>> running = new AtomicReference<>();

  /**
   * @param work done again for whoever comes when it is not under way
   */
  public SharedWork(Supplier<T> work) {
    this.work = work;
  }

  /** Does the work, or waits for whoever does it; a failure reaches everybody who waits. */
  public T get() {
    CompletableFuture<T> own = new CompletableFuture<>();
    CompletableFuture<T> other = running.compareAndExchange(null, own);
    if (other != null) {
      return await(other);
    }
    try {
      T outcome = work.get();
      own.complete(outcome);
      return outcome;
    } catch (RuntimeException | Error failure) {
      own.completeExceptionally(failure);
      throw failure;
    } finally {
      running.set(null);
    }
  }

  private static <T> T await(CompletableFuture<T> other) {
    try {
      return other.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }

  /**
   * Applies a function to each of many, by a few threads at once.
   *
   * @return the outcomes in the order of what they belong to
   */
  public static <A, B> List<B> each(List<A> all, Function<? super A, ? extends B> function) {
    int threads = Math.min(all.size(), Math.min(MOST_THREADS, processors()));
    AtomicInteger next = new AtomicInteger();
    List<CompletableFuture<B>> outcomes =
        IntStream.range(0, all.size()).mapToObj(_ -> new CompletableFuture<B>()).toList();
    for (int i = 0; i < threads; i++) {
      Thread.ofVirtual()
          .name("shared-work")
          .start(() -> {
            int mine = next.getAndIncrement();
            while (mine < all.size()) {
              applyOne(function, all.get(mine), outcomes.get(mine));
              mine = next.getAndIncrement();
            }
          });
    }
    List<B> results = new ArrayList<>();
    outcomes.forEach(outcome -> results.add(await(outcome)));
    return results;
  }

  private static <A, B> void applyOne(
      Function<? super A, ? extends B> function, A one, CompletableFuture<B> outcome) {
    try {
      outcome.complete(function.apply(one));
    } catch (RuntimeException | Error failure) {
      outcome.completeExceptionally(failure);
    }
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }
}
