package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The real Docker client speaking old and new versions of the API. */
@Tag("blackbox")
class ApiVersionsTest {
  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static Command.Result docker(String version, String... words) {
    return engine.docker(words).with("DOCKER_API_VERSION", version).run();
  }

  /** Each version stands for those before it that changed something in this flow. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.24", "1.25", "1.28", "1.30", "1.34", "1.39", "1.41", "1.42", "1.43", "1.44", "1.46",
        "1.48", "1.50", "1.51"
      })
  void theMainFlow(String version) {
    String name = "v" + version.replace(".", "");
    assertThat(docker(version, "version", "--format", "{{.Client.APIVersion}}").ok().line())
        .isEqualTo(version);
    docker(version, "volume", "create", name).ok();
    docker(version, "network", "create", "--label", "of=" + name, name).ok();
    docker(
            version,
            "create",
            "--name",
            name,
            "--network",
            name,
            "--volume",
            name + ":/data",
            "busybox",
            "sh",
            "-c",
            "echo ready; echo trouble >&2; exec sleep 600")
        .ok();
    docker(version, "start", name).ok();
    Eventually.equal("ready", () -> docker(version, "logs", name).ok().line());
    assertThat(docker(version, "logs", name).ok().errors().strip()).isEqualTo("trouble");
    String line = "echo kept > /data/f; hostname";
    assertThat(docker(version, "exec", name, "sh", "-c", line).ok().line()).hasSize(12);
    assertThat(docker(version, "inspect", "-f", "{{.State.Status}} {{.Name}}", name).ok().line())
        .isEqualTo("running /" + name);
    assertThat(
            docker(version, "ps", "--filter", "name=" + name, "--format", "{{.Names}}").ok().line())
        .isEqualTo(name);
    assertThat(docker(version, "top", name, "-eo", "pid,comm").ok().text()).contains("sleep");
    assertThat(docker(version, "network", "inspect", "-f", "{{len .Containers}}", name).ok().line())
        .isEqualTo("1");
    String volume = name + ":/d";
    assertThat(docker(version, "run", "--rm", "-v", volume, "busybox", "cat", "/d/f").ok().line())
        .isEqualTo("kept");
    docker(version, "stop", "-t", "0", name).ok();
    assertThat(docker(version, "wait", name).ok().line()).isNotEmpty();
    docker(version, "rm", name).ok();
    docker(version, "network", "rm", name).ok();
    docker(version, "volume", "rm", name).ok();
    assertThat(docker(version, "images", "--format", "{{.Repository}}").ok().lines())
        .contains("busybox");
  }

  @Test
  void versionsBeyondBothEnds() {
    assertThat(docker("1.23", "ps").errors())
        .contains("client version 1.23 is too old. Minimum supported API version is 1.24");
    ApiClient.Answer answer = engine.api().get("/v1.52/_ping");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo("client version 1.52 is too new. Maximum supported API version is 1.51");
  }

  @Test
  void listsOfNetworksToldOfContainersOnce() {
    engine.docker("run", "-d", "--name", "listed", "busybox", "sleep", "600").run().ok();
    try {
      assertThat(containers("/v1.27")).isEqualTo(1);
      assertThat(containers("/v1.28")).isZero();
    } finally {
      engine.docker("rm", "-f", "listed").run().ok();
    }
  }

  private static int containers(String version) {
    String onlyBridge = Scene.encoded("{\"name\":[\"^bridge$\"]}");
    JsonNode networks = engine.api().get(version + "/networks?filters=" + onlyBridge).json();
    return networks.path(0).path("Containers").size();
  }
}
