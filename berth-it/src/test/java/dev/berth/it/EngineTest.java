package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The engine itself, seen from its clients. */
@Tag("blackbox")
class EngineTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start("--label", "place=test");
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void tellsTheClientItsVersion() {
    assertThat(engine.docker("version", "--format", "{{.Server.APIVersion}}").run().ok().line())
        .isEqualTo("1.51");
  }
}
