package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine itself, seen from its clients and from the administrator who starts it. */
@Order(SpineFirst.FIRST)
@Tag("blackbox")
class EngineTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start("--label", "place=test").withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  /** Starts a second engine with other flags and returns how it ended. */
  private static Command.Result refused(String... flags) {
    List<String> command = new ArrayList<>(engine.engineCommand());
    command.addAll(List.of(flags));
    return Command.of(command).within(Duration.ofSeconds(30)).run();
  }

  @Test
  void tellsTheClientItsVersion() {
    assertThat(engine.docker("version", "--format", "{{.Server.APIVersion}}").run().ok().line())
        .isEqualTo("1.51");
    assertThat(engine.api().get("/version").json().path("MinAPIVersion").asText())
        .isEqualTo("1.24");
  }

  @Test
  void describesItself() {
    String info =
        engine
            .docker(
                "info",
                "--format",
                "{{.Driver}} {{.CgroupDriver}} {{.Labels}} {{.LiveRestoreEnabled}}")
            .run()
            .ok()
            .line();
    assertThat(info).isEqualTo("overlay2 cgroupfs [place=test] true");
    assertThat(engine.docker("info").run().ok().text()).contains("Default Runtime: crun");
  }

  @Test
  void tellsTheVersionsOfItsPrograms() {
    JsonNode version = engine.api().get("/v1.51/version").json();
    List<String> components = new ArrayList<>();
    version
        .path("Components")
        .forEach(component -> {
          components.add(component.path("Name").asText());
          assertThat(component.path("Version").asText()).isNotBlank();
        });
    assertThat(components).containsExactly("Engine", "crun", "conmon", "docker-init");
    JsonNode info = engine.api().get("/v1.51/info").json();
    assertThat(info.path("RuncCommit").path("ID").asText()).matches("[0-9.]+");
    assertThat(info.path("InitCommit").path("ID").asText()).isNotBlank();
    assertThat(info.path("NFd").asInt()).isPositive();
    assertThat(info.path("NGoroutines").asInt()).isPositive();
    assertThat(info.path("FirewallBackend").path("Driver").asText()).isIn("iptables", "nftables");
    assertThat(engine.api().get("/v1.44/info").json().has("FirewallBackend")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.24", "1.30", "1.41", "1.44", "1.51"})
  void answersEveryVersionItNegotiates(String version) {
    assertThat(engine.api().get("/v" + version + "/containers/json").status()).isEqualTo(200);
    assertThat(engine.api().get("/v" + version + "/info").status()).isEqualTo(200);
  }

  @Test
  void refusesVersionsOutOfRange() {
    ApiClient.Answer old = engine.api().get("/v1.23/info");
    assertThat(old.status()).isEqualTo(400);
    assertThat(old.text())
        .contains(
            "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade"
                + " your client to a newer version");
    ApiClient.Answer young = engine.api().get("/v1.99/info");
    assertThat(young.status()).isEqualTo(400);
    assertThat(young.message())
        .isEqualTo("client version 1.99 is too new. Maximum supported API version is 1.51");
  }

  @Test
  void answersPings() {
    ApiClient.Answer ping = engine.api().get("/_ping");
    assertThat(ping.text()).isEqualTo("OK");
    assertThat(ping.headers())
        .containsEntry("api-version", "1.51")
        .containsEntry("ostype", "linux");
    assertThat(engine.api().call("HEAD", "/_ping").status()).isEqualTo(200);
  }

  @Test
  void tellsWhatHappened() {
    String since = Long.toString(System.currentTimeMillis() / 1000 - 1);
    engine
        .docker("run", "--rm", "--name", "told", "--network", "none", "busybox", "true")
        .run()
        .ok();
    String until = Long.toString(System.currentTimeMillis() / 1000 + 1);
    List<String> events =
        engine
            .docker(
                "events",
                "--since",
                since,
                "--until",
                until,
                "--filter",
                "container=told",
                "--format",
                "{{.Action}}")
            .run()
            .ok()
            .lines();
    assertThat(events).containsSubsequence("create", "attach", "start", "die", "destroy");
    List<String> deaths =
        engine
            .docker(
                "events",
                "--since",
                since,
                "--until",
                until,
                "--filter",
                "event=die",
                "--filter",
                "container=told",
                "--format",
                "{{.Actor.Attributes.exitCode}}")
            .run()
            .ok()
            .lines();
    assertThat(deaths).containsExactly("0");
  }

  @Test
  void refusesASecondEngineOnTheSameDataRoot() {
    Command.Result second =
        refused(
            "--host",
            "unix://" + engine.folder().resolve("second.sock"),
            "--pidfile",
            engine.folder().resolve("second.pid").toString());
    assertThat(second.exitCode()).isNotZero();
    assertThat(second.text() + second.errors())
        .contains("another engine is running on the data root " + engine.dataRoot());
  }

  @Test
  void refusesWhatItCannotDo() {
    Command.Result rootless = refused("--rootless");
    assertThat(rootless.exitCode()).isNotZero();
    assertThat(rootless.text() + rootless.errors()).contains("rootless mode is not supported");
    Command.Result aufs = refused("--storage-driver", "aufs");
    assertThat(aufs.text() + aufs.errors()).contains("aufs").contains("use overlay2");
    Command.Result stopping = refused("--live-restore=false");
    assertThat(stopping.text() + stopping.errors())
        .contains("containers always go on when this engine stops");
    Command.Result unknown = refused("--nosuch");
    assertThat(unknown.text() + unknown.errors()).contains("unknown flag: --nosuch");
  }

  @Test
  void refusesAFlagThatIsAlsoInTheFile() throws IOException {
    Path file = engine.folder().resolve("double.json");
    Files.writeString(file, "{\"hosts\": [\"tcp://127.0.0.1:2375\"]}");
    Command.Result result = refused("--config-file", file.toString());
    assertThat(result.exitCode()).isNotZero();
    assertThat(result.text() + result.errors())
        .contains(
            "the following directives are specified both as a flag and in the configuration file: hosts:");
  }

  @Test
  void acceptsFlagsOfAnotherEnginesHelpersWithANotice() {
    try (EngineUnderTest other =
        EngineUnderTest.start(
            "--containerd",
            "/run/containerd/containerd.sock",
            "--containerd-namespace",
            "x",
            "--containerd-plugins-namespace",
            "y")) {
      assertThat(other.logText())
          .contains("--containerd")
          .contains("it steers a helper of dockerd that this engine does not have");
    }
  }

  @Test
  void servesTcpBesideItsSocket() {
    try (EngineUnderTest other = EngineUnderTest.start("--host", "tcp://127.0.0.1:23750")) {
      assertThat(
              other
                  .onHost(
                      "docker",
                      "--host",
                      "tcp://127.0.0.1:23750",
                      "version",
                      "--format",
                      "{{.Server.Os}}")
                  .run()
                  .ok()
                  .line())
          .isEqualTo("linux");
      assertThat(other.logText())
          .contains("Binding to IP address without --tlsverify is insecure and gives root access");
      assertThat(other.docker("info", "--format", "{{.Warnings}}").run().ok().line())
          .contains("API is accessible on http://127.0.0.1:23750 without encryption.");
    }
  }

  @Test
  void endsCleanlyOnASignalAndReloadsOnAnother() throws IOException {
    Path file = Files.createTempFile("berth-reload", ".json");
    Files.writeString(file, "{\"debug\": false, \"labels\": [\"tier=old\"]}");
    try (EngineUnderTest other = EngineUnderTest.start("--config-file", file.toString())) {
      Files.writeString(file, "{\"debug\": true, \"labels\": [\"tier=new\"]}");
      Command.of("kill", "-HUP", Long.toString(other.enginePid())).run().ok();
      String wanted = "true [tier=new]";
      Eventually.equal(
          wanted, () -> other.docker("info", "--format", "{{.Debug}} {{.Labels}}").run().line());
      other.stopEngine();
      assertThat(other.socket()).doesNotExist();
      assertThat(other.folder().resolve("berth.pid")).doesNotExist();
    } finally {
      Files.delete(file);
    }
  }
}
