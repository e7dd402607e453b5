package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams arrive whole, however soon the container ends and however slowly the client reads. */
@Tag("blackbox")
class AttachTest {
  private static final int TIMES = 8;
  private static final int ZEROS = 4_000_000;
  private static final String WRITE_ZEROS = "head -c " + ZEROS + " /dev/zero";

  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(1).nextBytes(noise);
    return noise;
  }

  @Test
  void outputOfAContainerThatEndsSoonIsWhole() {
    for (int i = 0; i < TIMES; i++) {
      assertThat(
              engine.docker("run", "--rm", "busybox", "sh", "-c", WRITE_ZEROS).run().ok().output())
          .hasSize(ZEROS);
    }
  }

  @Test
  void outputOfAnAttachedStartIsWhole() {
    engine.docker("create", "--name", "again", "busybox", "sh", "-c", WRITE_ZEROS).run().ok();
    for (int i = 0; i < 3; i++) {
      assertThat(engine.docker("start", "-a", "again").run().ok().output()).hasSize(ZEROS);
    }
    engine.docker("rm", "again").run().ok();
  }

  @Test
  void outputOfAnExecIsWholeWithAndWithoutATerminal() {
    engine.docker("run", "-d", "--name", "execs", "busybox", "sleep", "600").run().ok();
    try {
      for (int i = 0; i < TIMES; i++) {
        assertThat(engine.docker("exec", "execs", "sh", "-c", WRITE_ZEROS).run().ok().output())
            .hasSize(ZEROS);
      }
      assertThat(engine.docker("exec", "-t", "execs", "seq", "1", "50000").run().ok().lines())
          .hasSize(50_000)
          .endsWith("50000");
    } finally {
      engine.docker("rm", "-f", "execs").run();
    }
  }

  @Test
  void inputComesBackAsItWasGiven() {
    byte[] noise = noise(10_000_000);
    assertThat(
            engine.docker("run", "--rm", "-i", "busybox", "cat").input(noise).run().ok().output())
        .isEqualTo(noise);
  }

  @Test
  void inputThatNobodyReadsCostsNoOutput() {
    byte[] noise = noise(300_000);
    assertThat(
            engine
                .docker("run", "--rm", "-i", "busybox", "sh", "-c", WRITE_ZEROS)
                .input(noise)
                .run()
                .ok()
                .output())
        .hasSize(ZEROS);
  }

  /** The client is slower than the exec, and its pipes hold less than what was written. */
  @Test
  void aSlowClientGetsAllOfAnExecThatHasEnded() {
    engine.docker("run", "-d", "--name", "slow", "busybox", "sleep", "600").run().ok();
    try {
      String docker = String.join(" ", engine.hostCommand("docker", "--host", engine.host()));
      String script = docker + " exec slow sh -c '" + WRITE_ZEROS + "' | (sleep 4; wc -c)";
      assertThat(Command.of("sh", "-c", script).within(Duration.ofSeconds(60)).run().ok().line())
          .isEqualTo(Integer.toString(ZEROS));
    } finally {
      engine.docker("rm", "-f", "slow").run();
    }
  }

  @Test
  void aTerminalThatWasLeftTakesInputAgain() {
    engine
        .docker("create", "-it", "--name", "left", "busybox", "sh", "-c", "read a; echo got-$a")
        .run()
        .ok();
    engine.docker("start", "left").run().ok();
    String docker = String.join(" ", engine.hostCommand("docker", "--host", engine.host()));
    String attach = "script -qec '" + docker + " attach --detach-keys ctrl-x left' /dev/null";
    assertThat(
            Command.of("sh", "-c", "(sleep 1; printf '\\030'; sleep 1) | " + attach).run().text())
        .contains("read escape sequence");
    assertThat(Command.of("sh", "-c", "(sleep 1; echo more; sleep 1) | " + attach).run().text())
        .contains("got-more");
    engine.docker("rm", "-f", "left").run().ok();
  }

  @Test
  void aStoppedClientHoldsUpNeitherTheLogNorItsReader() {
    String docker = String.join(" ", engine.hostCommand("docker", "--host", engine.host()));
    String script =
        docker
            + " run --name held busybox seq 1 200000 | (sleep 3; wc -l)"
            + " && "
            + docker
            + " logs held | wc -l";
    assertThat(Command.of("sh", "-c", script).within(Duration.ofSeconds(90)).run().ok().lines())
        .containsExactly("200000", "200000");
    engine.docker("rm", "held").run().ok();
  }
}
