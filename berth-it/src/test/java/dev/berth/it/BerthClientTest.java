package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Berth's own command line against a real engine. */
@Tag("blackbox")
class BerthClientTest {
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
  void runsContainers() {
    assertThat(engine.berth("run", "--rm", "busybox", "echo", "hello").run().ok().text())
        .isEqualTo("hello\n");
    assertThat(engine.berth("run", "--rm", "busybox", "sh", "-c", "exit 7").run().exitCode())
        .isEqualTo(7);
    assertThat(engine.berth("run", "--rm", "busybox", "nosuch").run().exitCode()).isEqualTo(127);
    assertThat(
            engine.berth("run", "--rm", "-i", "busybox", "wc", "-c").input("123").run().ok().line())
        .isEqualTo("3");
    assertThat(engine.berth("run", "--nosuch", "busybox").run().exitCode()).isEqualTo(125);
  }

  @Test
  void goesThroughALife() {
    engine.berth("network", "create", "nn").run().ok();
    engine.berth("volume", "create", "vv").run().ok();
    engine
        .berth(
            "run",
            "-d",
            "--name",
            "life",
            "--network",
            "nn",
            "-v",
            "vv:/d",
            "-p",
            "9090:80",
            "busybox",
            "sleep",
            "600")
        .run()
        .ok();
    assertThat(engine.berth("ps").run().ok().text())
        .startsWith("CONTAINER ID   IMAGE     COMMAND")
        .contains("0.0.0.0:9090->80/tcp, [::]:9090->80/tcp   life");
    assertThat(
            engine.berth("exec", "life", "sh", "-c", "echo x > /d/f; cat /d/f").run().ok().line())
        .isEqualTo("x");
    assertThat(engine.berth("port", "life", "80").run().ok().lines()).contains("0.0.0.0:9090");
    assertThat(engine.berth("inspect", "life").run().ok().text()).contains("\"Name\": \"/life\"");
    assertThat(engine.berth("top", "life").run().ok().text()).contains("sleep 600");
    assertThat(engine.berth("rm", "-f", "life").run().ok().line()).isEqualTo("life");
    assertThat(engine.berth("network", "rm", "nn").run().ok().line()).isEqualTo("nn");
    assertThat(engine.berth("volume", "rm", "vv").run().ok().line()).isEqualTo("vv");
  }

  @Test
  void saysWhatItCannotDo() {
    Command.Result format = engine.berth("ps", "--format", "{{.ID}}").run();
    assertThat(format.exitCode()).isEqualTo(1);
    assertThat(format.errors()).contains("is not supported yet");
    assertThat(engine.berth("frobnicate").run().errors())
        .contains("unknown command: berth frobnicate");
    Command.Result missing = engine.berth("rm", "nosuch").run();
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.errors())
        .isEqualTo("Error response from daemon: No such container: nosuch\n");
  }
}
