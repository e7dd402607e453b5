package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Create, start, stop, kill, pause, rename, wait, list, remove: with the real client. */
@Order(SpineFirst.FIRST)
@Tag("blackbox")
class ContainerLifeTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @AfterEach
  void removeContainers() {
    for (String id : engine.docker("ps", "-aq").run().lines()) {
      engine.docker("rm", "-f", "-v", id).run();
    }
    Eventually.equal(
        "",
        () ->
            String.join(
                " ",
                Leftovers.cgroups(engine.cgroupParent()).stream().map(Object::toString).toList()));
  }

  private static String inspect(String container, String format) {
    return engine.docker("inspect", "--format", format, container).run().ok().line();
  }

  @Test
  void runsAProgramToItsEnd() {
    Command.Result result = engine.docker("run", "--rm", "busybox", "echo", "hello").run().ok();
    assertThat(result.text()).isEqualTo("hello\n");
    assertThat(engine.docker("ps", "-aq").run().ok().line()).isEmpty();
  }

  @Test
  void passesExitCodesOn() {
    assertThat(engine.docker("run", "--rm", "busybox", "sh", "-c", "exit 7").run().exitCode())
        .isEqualTo(7);
    assertThat(engine.docker("run", "--rm", "busybox", "nosuchprogram").run().exitCode())
        .isEqualTo(127);
    assertThat(engine.docker("run", "--rm", "busybox", "/etc").run().exitCode()).isEqualTo(126);
    assertThat(engine.docker("run", "--rm", "--memory", "1k", "busybox", "true").run().exitCode())
        .isEqualTo(125);
    assertThat(
            engine
                .docker("run", "--rm", "--init", "busybox", "sh", "-c", "kill -9 $$")
                .run()
                .exitCode())
        .isEqualTo(137);
  }

  @Test
  void keepsStreamsApart() {
    Command.Result result =
        engine.docker("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2").run().ok();
    assertThat(result.text()).isEqualTo("out\n");
    assertThat(result.errors()).isEqualTo("err\n");
  }

  @Test
  void readsStandardInputToItsEnd() {
    assertThat(
            engine
                .docker("run", "--rm", "-i", "busybox", "wc", "-c")
                .input("12345")
                .run()
                .ok()
                .line())
        .isEqualTo("5");
  }

  @Test
  void goesThroughItsStates() {
    engine.docker("create", "--name", "life", "busybox", "sleep", "600").run().ok();
    assertThat(inspect("life", "{{.State.Status}}")).isEqualTo("created");
    engine.docker("start", "life").run().ok();
    assertThat(inspect("life", "{{.State.Status}} {{.State.Running}}")).isEqualTo("running true");
    engine.docker("pause", "life").run().ok();
    assertThat(inspect("life", "{{.State.Status}} {{.State.Paused}}")).isEqualTo("paused true");
    assertThat(engine.docker("ps", "--format", "{{.Status}}").run().line()).contains("(Paused)");
    engine.docker("unpause", "life").run().ok();
    engine.docker("restart", "-t", "0", "life").run().ok();
    assertThat(inspect("life", "{{.State.Status}}")).isEqualTo("running");
    engine.docker("stop", "-t", "0", "life").run().ok();
    assertThat(inspect("life", "{{.State.Status}} {{.State.ExitCode}}")).isEqualTo("exited 137");
    assertThat(engine.docker("rm", "life").run().ok().line()).isEqualTo("life");
  }

  @Test
  void stopsByItsSignalBeforeItKills() {
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "polite",
            "--stop-signal",
            "USR1",
            "busybox",
            "sh",
            "-c",
            "trap 'exit 5' USR1; while true; do sleep 0.1; done")
        .run()
        .ok();
    engine.docker("stop", "polite").run().ok();
    assertThat(inspect("polite", "{{.State.ExitCode}}")).isEqualTo("5");
  }

  @Test
  void refusesWhatTheStateForbids() {
    engine.docker("create", "--name", "idle", "busybox", "true").run().ok();
    assertThat(engine.docker("kill", "idle").run().errors()).contains("is not running");
    assertThat(engine.docker("pause", "idle").run().errors()).contains("is not running");
    assertThat(engine.docker("exec", "idle", "true").run().errors()).contains("is not running");
    engine.docker("run", "-d", "--name", "busy", "busybox", "sleep", "600").run().ok();
    Command.Result remove = engine.docker("rm", "busy").run();
    assertThat(remove.exitCode()).isEqualTo(1);
    assertThat(remove.errors())
        .contains("container is running: stop the container before removing or force remove");
    Command.Result twice = engine.docker("create", "--name", "busy", "busybox").run();
    assertThat(twice.errors())
        .contains("Conflict. The container name \"/busy\" is already in use by container");
    assertThat(engine.docker("start", "nosuch").run().errors())
        .contains("No such container: nosuch");
  }

  @Test
  void renames() {
    engine.docker("create", "--name", "before", "busybox").run().ok();
    engine.docker("rename", "before", "after").run().ok();
    assertThat(inspect("after", "{{.Name}}")).isEqualTo("/after");
    assertThat(engine.docker("inspect", "before").run().exitCode()).isEqualTo(1);
  }

  @Test
  void waits() {
    engine
        .docker("run", "-d", "--name", "short", "busybox", "sh", "-c", "sleep 0.3; exit 4")
        .run()
        .ok();
    assertThat(engine.docker("wait", "short").run().ok().line()).isEqualTo("4");
  }

  @Test
  void listsByFilter() {
    engine.docker("create", "--name", "one", "--label", "tier=web", "busybox").run().ok();
    engine
        .docker("run", "-d", "--name", "two", "--label", "tier=db", "busybox", "sleep", "600")
        .run()
        .ok();
    assertThat(names("--filter", "label=tier=web")).isEqualTo("one");
    assertThat(names("--filter", "status=running")).isEqualTo("two");
    assertThat(names("--filter", "name=^/?o")).isEqualTo("one");
    assertThat(names("--filter", "ancestor=busybox")).isEqualTo("two one");
    assertThat(names("--filter", "before=two")).isEqualTo("one");
    assertThat(names("--filter", "since=one")).isEqualTo("two");
    assertThat(names("--filter", "network=bridge", "--filter", "status=running")).isEqualTo("two");
    Command.Result bad = engine.docker("ps", "--filter", "colour=red").run();
    assertThat(bad.errors()).contains("invalid filter 'colour'");
  }

  private static String names(String... filter) {
    String[] words = new String[filter.length + 4];
    System.arraycopy(new String[] {"ps", "-a", "--format", "{{.Names}}"}, 0, words, 0, 4);
    System.arraycopy(filter, 0, words, 4, filter.length);
    return String.join(" ", engine.docker(words).run().ok().lines());
  }

  @Test
  void updatesLimits() {
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "grows",
            "--memory",
            "32m",
            "--memory-swap",
            "64m",
            "busybox",
            "sleep",
            "600")
        .run()
        .ok();
    engine.docker("update", "--memory", "48m", "--restart", "always", "grows").run().ok();
    assertThat(inspect("grows", "{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}"))
        .isEqualTo((48L << 20) + " always");
  }

  @Test
  void restartsByPolicy() {
    engine
        .docker("run", "-d", "--name", "again", "--restart", "on-failure:2", "busybox", "false")
        .run()
        .ok();
    Eventually.equal("2 exited", () -> inspect("again", "{{.RestartCount}} {{.State.Status}}"));
  }

  @Test
  void showsProcessesChangesAndUse() {
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "works",
            "busybox",
            "sh",
            "-c",
            "echo x > /new; rm /etc/group; sleep 600")
        .run()
        .ok();
    Eventually.holds(
        "the file is there",
        () -> engine.docker("exec", "works", "test", "-e", "/new").run().exitCode() == 0);
    assertThat(engine.docker("top", "works").run().ok().text()).contains("sleep 600");
    Eventually.equal(
        "C /etc D /etc/group A /new",
        () -> String.join(" ", engine.docker("diff", "works").run().ok().lines()));
    String use =
        engine
            .docker("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}}", "works")
            .run()
            .ok()
            .line();
    assertThat(use).isEqualTo("works 1");
  }

  @Test
  void prunes() {
    engine.docker("run", "--name", "gone", "busybox", "true").run().ok();
    engine.docker("run", "-d", "--name", "stays", "busybox", "sleep", "600").run().ok();
    engine.docker("container", "prune", "-f").run().ok();
    assertThat(engine.docker("ps", "-a", "--format", "{{.Names}}").run().line()).isEqualTo("stays");
  }

  @Test
  void removesTheRunningByForceWithoutATrace() {
    String id =
        engine.docker("run", "-d", "-v", "/anonymous", "busybox", "sleep", "600").run().ok().line();
    engine.docker("rm", "-f", "-v", id).run().ok();
    assertThat(engine.onHost("cat", "/proc/self/mountinfo").run().text()).doesNotContain(id);
    assertThat(engine.dataRoot().resolve("containers").resolve(id)).doesNotExist();
    assertThat(engine.docker("volume", "ls", "-q").run().line()).isEmpty();
    Eventually.holds(
        "its monitor is gone",
        () ->
            Leftovers.processes(engine.folder()).stream()
                .noneMatch(pid ->
                    ProcessHandle.of(pid)
                        .flatMap(p -> p.info().command())
                        .orElse("")
                        .contains("conmon")));
  }
}
