package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.engine.ContainerConfig.Healthcheck;
import dev.berth.engine.ContainerStatus.Health;
import dev.berth.engine.ContainerStatus.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthRulesTest {
  private static final HealthRules RULES =
      new HealthRules(
          List.of("true"),
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2),
          2);
  private static final Duration EARLY = Duration.ofSeconds(10);
  private static final Duration LATE = Duration.ofSeconds(61);

  private static Probe probe(int exitCode) {
    return new Probe(Instant.EPOCH, Instant.EPOCH, exitCode, "");
  }

  @Test
  void failuresInTheStartPeriodAreForgiven() {
    Health health = HealthRules.INITIAL;
    for (int i = 0; i < 9; i++) {
      health = RULES.after(health, probe(1), EARLY);
    }
    assertThat(health.status()).isEqualTo("starting");
    assertThat(health.failingStreak()).isZero();
    assertThat(health.log()).hasSize(5);
  }

  @Test
  void enoughFailuresMakeItUnhealthyAndOneSuccessHealsIt() {
    Health once = RULES.after(HealthRules.INITIAL, probe(1), LATE);
    assertThat(once.status()).isEqualTo("starting");
    Health twice = RULES.after(once, probe(1), LATE);
    assertThat(twice.status()).isEqualTo("unhealthy");
    assertThat(twice.failingStreak()).isEqualTo(2);
    assertThat(RULES.after(twice, probe(0), LATE).status()).isEqualTo("healthy");
  }

  @Test
  void aSuccessEndsTheStartPeriod() {
    Health healthy = RULES.after(HealthRules.INITIAL, probe(0), EARLY);
    assertThat(healthy.status()).isEqualTo("healthy");
    assertThat(RULES.pause(healthy, EARLY)).isEqualTo(Duration.ofSeconds(30));
    Health failing = RULES.after(healthy, probe(1), EARLY);
    assertThat(failing.status()).isEqualTo("healthy");
    assertThat(failing.failingStreak()).isEqualTo(1);
  }

  @Test
  void probesComeFasterInTheStartPeriod() {
    assertThat(RULES.pause(HealthRules.INITIAL, EARLY)).isEqualTo(Duration.ofSeconds(2));
    assertThat(RULES.pause(HealthRules.INITIAL, LATE)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void theCommandIsTakenFromTheConfiguration() {
    assertThat(commandOf(List.of("CMD", "a", "b"))).containsExactly("a", "b");
    assertThat(commandOf(List.of("CMD-SHELL", "exit 1")))
        .containsExactly("/bin/sh", "-c", "exit 1");
    assertThat(HealthRules.of(with(List.of("NONE")))).isNull();
    assertThat(HealthRules.of(with(List.of()))).isNull();
  }

  private static List<String> commandOf(List<String> test) {
    HealthRules rules = HealthRules.of(with(test));
    return rules == null ? List.of() : rules.command();
  }

  private static ContainerConfig with(List<String> test) {
    ContainerConfig config = Specs.config("sh");
    return new ContainerConfig(
        config.image(),
        config.identity(),
        config.command(),
        config.streams(),
        null,
        null,
        config.stop(),
        new Healthcheck(test, 0, 0, 0, 0, 0),
        false,
        null);
  }
}
