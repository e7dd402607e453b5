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
  void handlesImages() {
    engine.berth("tag", "busybox", "copy:one").run().ok();
    assertThat(engine.berth("images", "copy").run().ok().text())
        .startsWith("REPOSITORY   TAG")
        .contains("copy         one");
    byte[] archive = engine.berth("save", "copy:one").run().ok().output();
    assertThat(engine.berth("rmi", "copy:one").run().ok().line()).isEqualTo("Untagged: copy:one");
    assertThat(engine.berth("load").input(archive).run().ok().line())
        .isEqualTo("Loaded image: copy:one");
    assertThat(engine.berth("history", "copy:one").run().ok().lines()).hasSize(2);
    assertThat(engine.berth("image", "inspect", "copy:one").run().ok().text())
        .contains("\"copy:one\"");
    assertThat(engine.berth("image", "prune", "-f").run().ok().text()).contains("Total reclaimed");
    engine.berth("image", "rm", "copy:one").run().ok();
    assertThat(engine.berth("pull", "127.0.0.1:1/nothing").run().exitCode()).isEqualTo(1);
  }

  @Test
  void changesAndWatchesContainers() {
    engine
        .berth(
            "create",
            "--name",
            "first",
            "busybox",
            "sh",
            "-c",
            "echo x > /new; echo said; sleep 600")
        .run()
        .ok();
    assertThat(engine.berth("start", "first").run().ok().line()).isEqualTo("first");
    Eventually.equal("said", () -> engine.berth("logs", "first").run().line());
    assertThat(engine.berth("diff", "first").run().ok().lines()).contains("A /new");
    assertThat(engine.berth("stats", "--no-stream", "first").run().ok().text())
        .contains("CPU %")
        .contains("first");
    engine.berth("pause", "first").run().ok();
    assertThat(engine.berth("ps").run().ok().text()).contains("(Paused)");
    engine.berth("unpause", "first").run().ok();
    engine.berth("update", "--memory", "64m", "--memory-swap", "128m", "first").run().ok();
    engine.berth("rename", "first", "second").run().ok();
    engine.berth("restart", "-t", "0", "second").run().ok();
    engine.berth("kill", "-s", "KILL", "second").run().ok();
    assertThat(engine.berth("wait", "second").run().ok().line()).isEqualTo("137");
    assertThat(engine.berth("ps", "-a", "--filter", "name=second", "-q").run().ok().lines())
        .hasSize(1);
    assertThat(engine.berth("container", "prune", "-f").run().ok().text())
        .contains("Deleted Containers:");
  }

  @Test
  void tellsOfTheEngine() {
    assertThat(engine.berth("version").run().ok().text()).contains("API version:       1.51");
    assertThat(engine.berth("info").run().ok().text()).contains("Storage Driver: overlay2");
    assertThat(engine.berth("system", "df").run().ok().text()).contains("Local Volumes");
    engine.berth("volume", "create", "watched").run().ok();
    String soon = Long.toString(System.currentTimeMillis() / 1000 + 1);
    assertThat(
            engine
                .berth("events", "--since", "1m", "--until", soon, "--filter", "type=volume")
                .run()
                .ok()
                .text())
        .contains("volume create watched (driver=local)");
    engine.berth("volume", "rm", "watched").run().ok();
    assertThat(engine.berth("network", "ls").run().ok().text()).startsWith("NETWORK ID");
    assertThat(engine.berth("--help").run().ok().text()).contains("Management Commands:");
  }

  @Test
  void saysWhatItCannotDo() {
    Command.Result context = engine.berth("context", "ls").run();
    assertThat(context.exitCode()).isEqualTo(1);
    assertThat(context.errors()).contains("name the engine by --host");
    assertThat(engine.berth("frobnicate").run().errors())
        .contains("unknown command: berth frobnicate");
    Command.Result missing = engine.berth("rm", "nosuch").run();
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.errors())
        .isEqualTo("Error response from daemon: No such container: nosuch\n");
  }
}
