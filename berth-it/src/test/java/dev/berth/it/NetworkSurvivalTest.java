package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks over the end of the engine. */
@Tag("blackbox")
class NetworkSurvivalTest {
  private static void setUp(Scene scene) {
    scene.network(
        "kept", "\"Labels\":{\"a\":\"1\"},\"IPAM\":{\"Config\":[{\"Subnet\":\"10.66.0.0/24\"}]}");
    scene.network("auto", "\"EnableIPv6\":true");
    scene.server(
        "always", "--restart", "always", "--network", "kept", "--ip", "10.66.0.9", "-p", "8080:80");
    scene.on("kept", "ends");
    scene.on("auto", "runs");
  }

  private static JsonNode lasting(Scene scene, String network) {
    return ((com.fasterxml.jackson.databind.node.ObjectNode) scene.inspect(network))
        .without(List.of("Containers", "Status"));
  }

  @ParameterizedTest(name = "networks and addresses are as before when the engine {0} (net-223)")
  @ValueSource(strings = {"stops", "is killed"})
  @DisplayName("a restart keeps networks, addresses, names and ports (net-223)")
  void restart(String end) {
    try (Scene scene = Scene.open()) {
      setUp(scene);
      JsonNode kept = lasting(scene, "kept");
      JsonNode auto = lasting(scene, "auto");
      String pid = scene.container("ends").path("State").path("Pid").asText();
      if (end.equals("stops")) {
        scene.engine().stopEngine();
      } else {
        scene.engine().killEngine();
      }
      scene.host("kill -9 " + pid).ok();
      scene.engine().startEngine();
      assertThat(lasting(scene, "kept")).isEqualTo(kept);
      assertThat(lasting(scene, "auto")).isEqualTo(auto);
      Eventually.equal(
          "running", () -> scene.container("always").path("State").path("Status").asText());
      assertThat(scene.address("always", "kept")).isEqualTo("10.66.0.9");
      Eventually.equal("page of always", () -> scene.fetchOnHost("127.0.0.1:8080"));
      Eventually.equal(
          "exited", () -> scene.container("ends").path("State").path("Status").asText());
      assertThat(scene.start("ends").status()).isEqualTo(204);
      scene.reads("page of always", "ends", "always");
      assertThat(scene.network("fresh", "")).hasSize(64);
      assertThat(scene.inspect("fresh").at("/IPAM/Config/0/Subnet"))
          .isNotEqualTo(auto.at("/IPAM/Config/0/Subnet"));
    }
  }
}
