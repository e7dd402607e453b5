package dev.berth.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.Event;
import dev.berth.linux.EventFd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ToolsTest {
  @Test
  @Tag("kernel")
  void aDescriptorLeftOpenIsFoundWithItsStack() {
    FdLeaks leaks = FdLeaks.watch();
    EventFd open = EventFd.create();
    assertThatThrownBy(leaks::close)
        .isInstanceOf(AssertionError.class)
        .satisfies(error ->
            assertThat(error.getSuppressed()[0].getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("create")));
    open.close();
    try (FdLeaks clean = FdLeaks.watch()) {
      assertThat(clean).isNotNull();
      EventFd.create().close();
    }
  }

  @Test
  void everyStepFailsOnceAndThenNone() {
    List<Integer> runs = new ArrayList<>();
    int steps =
        FaultPlan.failEachStep(plan -> {
          try {
            plan.step("one");
            plan.step("two");
          } catch (FaultPlan.InjectedFault expected) {
            assertThat(expected).hasMessageStartingWith("injected fault at step ");
          }
          runs.add(plan.taken());
        });
    assertThat(runs).containsExactly(1, 2, 2);
    assertThat(steps).isEqualTo(2);
  }

  @Test
  void theClockMovesOnlyWhenMoved() {
    ManualClock clock = ManualClock.atFixedStart();
    Instant start = clock.instant();
    assertThat(clock.instant()).isEqualTo(start);
    clock.advance(Duration.ofSeconds(5));
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(5));
  }

  @Test
  void randomNumbersComeAgain() {
    assertThat(SeededRandom.create(1).nextLong()).isEqualTo(SeededRandom.create(1).nextLong());
  }

  @Test
  void eventsAreKeptInOrder() {
    EventRecorder recorder = new EventRecorder();
    for (String action : List.of("create", "connect")) {
      recorder.publish(new Event(Event.Type.NETWORK, action, "id", Map.of(), Instant.EPOCH));
    }
    assertThat(recorder.words()).containsExactly("network create", "network connect");
    recorder.clear();
    assertThat(recorder.events()).isEmpty();
  }
}
