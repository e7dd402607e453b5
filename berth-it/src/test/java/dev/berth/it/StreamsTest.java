package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Logs, attach and exec. */
@Tag("blackbox")
class StreamsTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void logsKeepStreamsOrderAndTimes() {
    engine
        .docker(
            "run",
            "--name",
            "says",
            "busybox",
            "sh",
            "-c",
            "echo one; sleep 0.1; echo two >&2; sleep 0.1; echo three")
        .run()
        .ok();
    Command.Result logs = engine.docker("logs", "says").run().ok();
    assertThat(logs.text()).isEqualTo("one\nthree\n");
    assertThat(logs.errors()).isEqualTo("two\n");
    assertThat(engine.docker("logs", "--tail", "1", "says").run().ok().line()).isEqualTo("three");
    List<String> stamped = engine.docker("logs", "-t", "says").run().ok().lines();
    assertThat(stamped.getFirst()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z one");
    String firstTime = stamped.getFirst().split(" ", 2)[0];
    String lastTime = stamped.getLast().split(" ", 2)[0];
    assertThat(engine.docker("logs", "--since", lastTime, "says").run().ok().line())
        .isEqualTo("three");
    assertThat(engine.docker("logs", "--until", firstTime, "says").run().ok().text())
        .isEqualTo("one\n");
    engine.docker("rm", "says").run().ok();
  }

  @Test
  void logsFollowToTheEnd() {
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "talks",
            "busybox",
            "sh",
            "-c",
            "for i in 1 2 3; do echo $i; sleep 0.2; done")
        .run()
        .ok();
    assertThat(
            engine.docker("logs", "-f", "talks").within(Duration.ofSeconds(20)).run().ok().text())
        .isEqualTo("1\n2\n3\n");
    engine.docker("rm", "talks").run().ok();
  }

  @Test
  void logsRotate() {
    engine
        .docker(
            "run",
            "--name",
            "much",
            "--log-opt",
            "max-size=10k",
            "--log-opt",
            "max-file=2",
            "busybox",
            "sh",
            "-c",
            "i=0; while [ $i -lt 2000 ]; do echo line number $i; i=$((i+1)); [ $((i % 200)) = 0 ] && sleep 0.3; done")
        .run()
        .ok();
    List<String> kept = engine.docker("logs", "much").run().ok().lines();
    assertThat(kept.getLast()).isEqualTo("line number 1999");
    assertThat(kept.size()).isBetween(100, 1999);
    engine.docker("rm", "much").run().ok();
  }

  @Test
  void logsOfNoneCannotBeRead() {
    engine
        .docker("run", "--name", "mute", "--log-driver", "none", "busybox", "echo", "x")
        .run()
        .ok();
    Command.Result logs = engine.docker("logs", "mute").run();
    assertThat(logs.exitCode()).isEqualTo(1);
    assertThat(logs.errors()).contains("configured logging driver does not support reading");
    engine.docker("rm", "mute").run().ok();
  }

  @Test
  void aTerminalJoinsTheStreams() {
    Command.Result result =
        engine.docker("run", "--rm", "-t", "busybox", "sh", "-c", "tty; echo err >&2").run().ok();
    assertThat(result.text()).isEqualTo("/dev/pts/0\r\nerr\r\n");
  }

  @Test
  void attachSendsInputAndItsEnd() {
    engine
        .docker(
            "run",
            "-di",
            "--name",
            "reader",
            "busybox",
            "sh",
            "-c",
            "read a; read b; echo got $a $b")
        .run()
        .ok();
    Command.Result attached = engine.docker("attach", "reader").input("first\nsecond\n").run();
    assertThat(attached.text()).isEqualTo("got first second\n");
    engine.docker("rm", "-f", "reader").run().ok();
  }

  @Test
  void execRunsBesideTheFirstProcess() {
    engine.docker("run", "-d", "--name", "host", "-e", "A=1", "busybox", "sleep", "600").run().ok();
    try {
      assertThat(engine.docker("exec", "host", "sh", "-c", "echo $A; exit 3").run().exitCode())
          .isEqualTo(3);
      assertThat(
              engine
                  .docker(
                      "exec",
                      "-e",
                      "B=2",
                      "-w",
                      "/tmp",
                      "-u",
                      "33",
                      "host",
                      "sh",
                      "-c",
                      "echo $B; pwd; id -u")
                  .run()
                  .ok()
                  .text())
          .isEqualTo("2\n/tmp\n33\n");
      assertThat(engine.docker("exec", "-i", "host", "cat").input("through").run().ok().text())
          .isEqualTo("through");
      assertThat(engine.docker("exec", "-t", "host", "tty").run().ok().line())
          .startsWith("/dev/pts/");
      Command.Result apart =
          engine.docker("exec", "host", "sh", "-c", "echo o; echo e >&2").run().ok();
      assertThat(apart.text() + apart.errors()).isEqualTo("o\ne\n");
      assertThat(engine.docker("exec", "host", "nosuch").run().exitCode()).isEqualTo(127);
      assertThat(engine.docker("exec", "host", "/etc").run().exitCode()).isEqualTo(126);
      engine.docker("exec", "-d", "host", "touch", "/made").run().ok();
      Eventually.holds(
          "detached exec ran",
          () -> engine.docker("exec", "host", "test", "-e", "/made").run().exitCode() == 0);
    } finally {
      engine.docker("rm", "-f", "host").run();
    }
  }

  @Test
  void muchOutputArrivesWhole() {
    Command.Result result =
        engine
            .docker("run", "--rm", "busybox", "sh", "-c", "seq 1 200000 | md5sum; seq 1 200000")
            .within(Duration.ofSeconds(60))
            .run()
            .ok();
    assertThat(result.lines()).hasSize(200_001).endsWith("200000");
  }
}
