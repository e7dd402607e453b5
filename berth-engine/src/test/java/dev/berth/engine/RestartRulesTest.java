package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestartRulesTest {
  private static final RestartPolicy ALWAYS = new RestartPolicy("always", 0);
  private static final RestartPolicy UNLESS_STOPPED = new RestartPolicy("unless-stopped", 0);
  private static final RestartPolicy ON_FAILURE = new RestartPolicy("on-failure", 0);

  @Test
  void aContainerThatAUserStoppedStaysDown() {
    assertThat(RestartRules.restarts(ALWAYS, 1, 0, true)).isFalse();
    assertThat(RestartRules.restarts(UNLESS_STOPPED, 1, 0, true)).isFalse();
  }

  @Test
  void alwaysRestartsWhateverTheExitCode() {
    assertThat(RestartRules.restarts(ALWAYS, 0, 1000, false)).isTrue();
    assertThat(RestartRules.restarts(UNLESS_STOPPED, 0, 1000, false)).isTrue();
    assertThat(RestartRules.restarts(RestartPolicy.NO, 1, 0, false)).isFalse();
  }

  @Test
  void onFailureCounts() {
    assertThat(RestartRules.restarts(ON_FAILURE, 0, 0, false)).isFalse();
    assertThat(RestartRules.restarts(ON_FAILURE, 1, 1000, false)).isTrue();
    RestartPolicy twice = new RestartPolicy("on-failure", 2);
    assertThat(RestartRules.restarts(twice, 1, 1, false)).isTrue();
    assertThat(RestartRules.restarts(twice, 1, 2, false)).isFalse();
  }

  @Test
  void theDelayDoublesUpToAMinuteAndForgetsAfterALongRun() {
    Duration delay = Duration.ZERO;
    for (long expected : new long[] {100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200}) {
      delay = RestartRules.delay(delay, Duration.ofSeconds(1));
      assertThat(delay).isEqualTo(Duration.ofMillis(expected));
    }
    assertThat(RestartRules.delay(delay, Duration.ofSeconds(1))).isEqualTo(Duration.ofMinutes(1));
    assertThat(RestartRules.delay(delay, Duration.ofSeconds(10))).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void onlyAlwaysComesBackWithTheEngineAfterAUserStoppedIt() {
    assertThat(RestartRules.startsWithEngine(ALWAYS, true)).isTrue();
    assertThat(RestartRules.startsWithEngine(UNLESS_STOPPED, true)).isFalse();
    assertThat(RestartRules.startsWithEngine(UNLESS_STOPPED, false)).isTrue();
    assertThat(RestartRules.startsWithEngine(ON_FAILURE, false)).isFalse();
  }
}
