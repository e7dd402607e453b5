package dev.berth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedWorkTest {
  @Test
  void whoeverComesMeanwhileGetsTheSame() throws InterruptedException {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    SharedWork<Integer> work =
        new SharedWork<>(() -> {
          begun.countDown();
          await(goOn);
          return runs.incrementAndGet();
        });
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(work::get);
    begun.await();
    List<CompletableFuture<Integer>> others =
        IntStream.range(0, 3)
            .mapToObj(_ -> {
              CompletableFuture<Integer> other = new CompletableFuture<>();
              Thread waiting = Thread.ofPlatform().start(() -> other.complete(work.get()));
              while (waiting.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
              }
              return other;
            })
            .toList();
    goOn.countDown();
    assertThat(first.join()).isEqualTo(1);
    others.forEach(other -> assertThat(other.join()).isEqualTo(1));
    assertThat(work.get()).isEqualTo(2);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFailureIsForgotten() {
    AtomicInteger runs = new AtomicInteger();
    SharedWork<Integer> work =
        new SharedWork<>(() -> {
          if (runs.incrementAndGet() == 1) {
            throw EngineException.invalid("first");
          }
          return runs.get();
        });
    assertThatThrownBy(work::get).hasMessage("first");
    assertThat(work.get()).isEqualTo(2);
  }

  @Test
  void eachKeepsTheOrder() {
    List<Integer> numbers = IntStream.range(0, 500).boxed().toList();
    assertThat(SharedWork.each(numbers, number -> number * 2))
        .containsExactlyElementsOf(numbers.stream().map(number -> number * 2).toList());
    assertThat(SharedWork.each(List.of(), Object::toString)).isEmpty();
    assertThatThrownBy(() ->
            SharedWork.each(
                numbers,
                number -> {
                  if (number == 77) {
                    throw EngineException.invalid("seven");
                  }
                  return number;
                }))
        .hasMessage("seven");
  }
}
