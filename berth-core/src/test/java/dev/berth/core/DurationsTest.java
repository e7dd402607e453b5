package dev.berth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DurationsTest {
  @Test
  void countsByClassAndInAll() {
    Durations durations = Durations.ofActions();
    durations.add(5_000_000);
    durations.add(5_000_001);
    durations.add(20_000_000, 3);
    durations.add(60_000_000_000L);
    Durations.Snapshot snapshot = durations.snapshot();
    assertThat(snapshot.boundsSeconds()).hasSize(11).startsWith(0.005, 0.01, 0.025);
    assertThat(snapshot.counts()).hasSize(12).startsWith(1, 1, 3).endsWith(0, 1);
    assertThat(snapshot.totalSeconds()).isCloseTo(60.070000001, within(1e-9));
  }

  @Test
  void losesNothingUnderSeveralThreads() throws InterruptedException {
    Durations durations = Durations.ofCalls();
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < 10_000; n++) {
                  durations.add(1000);
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(Arrays.stream(durations.snapshot().counts()).sum()).isEqualTo(40_000);
  }
}
