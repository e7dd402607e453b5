package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Containers outlive the engine, whether it is stopped or killed. */
@Order(SpineFirst.FIRST)
@Tag("blackbox")
class SurvivalTest {
  private EngineUnderTest engine;

  @BeforeEach
  void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private void end(boolean kill) {
    if (kill) {
      engine.killEngine();
    } else {
      engine.stopEngine();
    }
  }

  private String inspect(String container, String format) {
    return engine.docker("inspect", "--format", format, container).run().ok().line();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void runningContainersGoOn(boolean kill) {
    engine.docker("network", "create", "net").run().ok();
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "web",
            "--network",
            "net",
            "-p",
            "8080:80",
            "-v",
            "data:/www",
            "busybox",
            "sh",
            "-c",
            "echo alive > /www/index.html; exec httpd -f -h /www")
        .run()
        .ok();
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "talks",
            "--network",
            "net",
            "busybox",
            "sh",
            "-c",
            "i=0; while true; do echo line $i; i=$((i+1)); sleep 0.05; done")
        .run()
        .ok();
    String pid = inspect("web", "{{.State.Pid}}");
    String address = inspect("web", "{{.NetworkSettings.Networks.net.IPAddress}}");
    end(kill);
    assertThat(
            engine
                .onHost(
                    "timeout", "3", "busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8080/")
                .run()
                .line())
        .isEqualTo("alive");
    engine.startEngine();
    assertThat(inspect("web", "{{.State.Running}} {{.State.Pid}}")).isEqualTo("true " + pid);
    assertThat(inspect("web", "{{.NetworkSettings.Networks.net.IPAddress}}")).isEqualTo(address);
    assertThat(
            engine
                .onHost(
                    "timeout", "3", "busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8080/")
                .run()
                .line())
        .isEqualTo("alive");
    Eventually.equal(
        "alive",
        () ->
            engine
                .docker("exec", "talks", "timeout", "2", "wget", "-q", "-O", "-", "http://web/")
                .run()
                .line());
    List<String> lines = engine.docker("logs", "talks").run().ok().lines();
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).isEqualTo("line " + i);
    }
    Command.Result taken = engine.docker("run", "--rm", "-p", "8080:80", "busybox", "true").run();
    assertThat(taken.errors()).contains("port is already allocated");
    engine
        .docker(
            "run", "--rm", "--network", "net", "busybox", "wget", "-q", "-O", "-", "http://web/")
        .run()
        .ok();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatEndedMeanwhileHasItsExitCode(boolean kill) {
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "ends",
            "busybox",
            "sh",
            "-c",
            "sleep 1; echo last words; exit 9")
        .run()
        .ok();
    engine
        .docker(
            "run",
            "-d",
            "--name",
            "again",
            "--restart",
            "always",
            "busybox",
            "sh",
            "-c",
            "sleep 1; exit 1")
        .run()
        .ok();
    engine.docker("run", "-d", "--rm", "--name", "goes", "busybox", "sleep", "1").run().ok();
    end(kill);
    sleepSeconds(2);
    engine.startEngine();
    Eventually.equal("exited 9", () -> inspect("ends", "{{.State.Status}} {{.State.ExitCode}}"));
    assertThat(engine.docker("logs", "ends").run().ok().line()).isEqualTo("last words");
    Eventually.holds(
        "the policy is honoured",
        () -> Integer.parseInt(inspect("again", "{{.RestartCount}}")) >= 1);
    Eventually.holds(
        "--rm is honoured", () -> engine.docker("inspect", "goes").run().exitCode() != 0);
  }

  private static void sleepSeconds(int seconds) {
    try {
      Thread.sleep(seconds * 1000L);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
