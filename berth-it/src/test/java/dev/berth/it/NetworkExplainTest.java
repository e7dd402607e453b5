package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The engine says why one place does not reach another. Each failure is made for real and the
 * attempt from inside has to agree; docs/design/network-explain.md says which guide knows it.
 */
@Tag("blackbox")
@ParameterizedClass(name = "with {0}")
@ValueSource(strings = {"iptables", "nftables"})
class NetworkExplainTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static Scene scene;

  @Parameter String backend;

  /** Another machine is at 198.51.100.2; it answers no name server's question. */
  @BeforeParameterizedClassInvocation
  static void start(String backend) {
    scene = Scene.open("--firewall-backend", backend, "--dns", "198.51.100.2");
    scene
        .host(
            "ip netns add out && ip link add up0 type veth peer name eth0 netns out"
                + " && ip addr add 198.51.100.1/24 dev up0 && ip link set up0 up"
                + " && ip -n out addr add 198.51.100.2/24 dev eth0"
                + " && ip -n out link set eth0 up && ip -n out link set lo up"
                + " && ip route add default via 198.51.100.2")
        .ok();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    scene.host("ip netns del out");
    scene.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
  }

  private static JsonNode explain(String... words) {
    List<String> line = new ArrayList<>(List.of("network", "explain", "--json"));
    line.addAll(List.of(words));
    Command.Result result = scene.engine().berth(line.toArray(String[]::new)).run();
    try {
      JsonNode answer = JSON.readTree(result.text());
      assertThat(result.exitCode())
          .as(result.text() + result.errors())
          .isEqualTo(answer.path("Reachable").asBoolean() ? 0 : 1);
      return answer;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static JsonNode verdict(String wanted, String... words) {
    JsonNode answer = explain(words);
    assertThat(answer.path("Verdict").asText()).as(answer.toPrettyString()).isEqualTo(wanted);
    assertThat(answer.at("/Probe/Agrees").asBoolean()).as(answer.toPrettyString()).isTrue();
    return answer;
  }

  private static JsonNode step(JsonNode answer, String step) {
    for (JsonNode one : answer.path("Steps")) {
      if (one.path("Step").asText().equals(step)) {
        return one;
      }
    }
    throw new AssertionError("no step " + step + " in " + answer.toPrettyString());
  }

  @Test
  @DisplayName("what is in order is reached, by name and on its port")
  void reachable() {
    scene.network("app", "");
    scene.server("web", "--network", "app", "--network-alias", "www");
    scene.on("app", "client");
    JsonNode answer = verdict("reachable", "client", "web", "80");
    assertThat(answer.at("/Probe/Outcome").asText()).isEqualTo("connected");
    assertThat(step(answer, "name").path("Text").asText())
        .isEqualTo(
            "web resolves to %s by the name server of network app"
                .formatted(scene.address("web", "app")));
    verdict("reachable", "client", "www", "80");
    verdict("reachable", "client", scene.address("web", "app"), "80");
    verdict("reachable", "client", "web");
    Command.Result text = scene.engine().berth("network", "explain", "client", "web", "80").run();
    assertThat(text.ok().lines().getFirst()).isEqualTo("YES: client can reach web on port 80/tcp");
  }

  @Test
  @DisplayName("containers on different networks")
  void differentNetworks() {
    scene.network("left", "");
    scene.network("right", "");
    scene.server("web", "--network", "left");
    scene.on("right", "client");
    JsonNode answer = verdict("no-common-network", "client", "web", "80");
    assertThat(answer.at("/Probe/Outcome").asText()).isEqualTo("silent");
    assertThat(answer.at("/Advice/0").asText()).contains("docker network connect left client");
    assertThat(step(answer, "rules").path("Rule").asText()).contains(bridge("left"));
  }

  private String bridge(String network) {
    return backend.equals("iptables")
        ? "br-" + scene.inspect(network).path("Id").asText().substring(0, 12)
        : "table ip docker-bridges, chain filter-FORWARD: drop";
  }

  @Test
  @DisplayName("the default bridge has no names")
  void defaultBridge() {
    scene.server("web");
    scene.running("client", "");
    JsonNode answer = verdict("no-names-on-default-bridge", "client", "web", "80");
    assertThat(answer.path("Summary").asText()).contains(scene.address("web", "bridge"));
    verdict("reachable", "client", scene.address("web", "bridge"), "80");
  }

  @Test
  @DisplayName("a service that listens on 127.0.0.1, on another port, or not at all")
  void listening() {
    scene.network("app", "");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "web",
            "--network",
            "app",
            "busybox",
            "httpd",
            "-f",
            "-p",
            "127.0.0.1:80")
        .ok();
    scene.on("app", "client");
    Eventually.equal(
        "listens-on-loopback", () -> explain("client", "web", "80").path("Verdict").asText());
    JsonNode answer = verdict("listens-on-loopback", "client", "web", "80");
    assertThat(answer.at("/Probe/Outcome").asText()).isEqualTo("refused");
    verdict("nothing-listens", "client", "web", "81");
    verdict("nothing-listens", "client", "web", "81/udp");
  }

  @Test
  @DisplayName("a port that is not published, and one that is for the host alone")
  void published() {
    scene.server("shut");
    scene.server("local", "-p", "127.0.0.1:8081:80");
    scene.server("open", "-p", "8082:80");
    verdict("not-published", "outside", "shut", "80");
    verdict("not-published", "host", "198.51.100.1", "8080");
    verdict("published-to-loopback", "outside", "local", "80");
    verdict("published-to-loopback", "host", "198.51.100.1", "8081");
    verdict("reachable", "host", "127.0.0.1", "8081");
    verdict("reachable", "outside", "open", "80");
    verdict("reachable", "host", "198.51.100.1", "8082");
    verdict("reachable", "shut", "host", "8082");
    JsonNode mistaken = verdict("nothing-listens", "shut", scene.address("open", "bridge"), "8082");
    assertThat(mistaken.at("/Advice/0").asText())
        .isEqualTo("8082 is its port on the host; other containers use its own port 80.");
  }

  @Test
  @DisplayName("a container that does not run, or does not answer")
  void notRunning() {
    scene.network("app", "");
    scene.server("web", "--network", "app");
    scene.on("app", "client");
    scene.docker("pause", "web").ok();
    verdict("paused", "client", "web", "80");
    scene.docker("unpause", "web").ok();
    scene.stop("web");
    verdict("not-running", "client", "web", "80");
    verdict("source-not-running", "web", "client", "80");
  }

  @Test
  @DisplayName("a name that is spelled wrong, and words that mean nothing")
  void wrongName() {
    scene.network("app", "");
    scene.server("web", "--network", "app");
    scene.on("app", "client");
    JsonNode answer = explain("client", "wbe", "80");
    assertThat(answer.path("Verdict").asText()).isEqualTo("unknown-name");
    assertThat(answer.at("/Advice/0").asText()).isEqualTo("Did you mean web?");
    assertThat(scene.engine().berth("network", "explain", "nobody", "web").run().exitCode())
        .isEqualTo(2);
    assertThat(scene.engine().berth("network", "explain", "client", "web", "x").run().exitCode())
        .isEqualTo(2);
    assertThat(scene.get("/berth/v1/network/explain?from=client&to=web&port=99999").status())
        .isEqualTo(400);
    assertThat(scene.get("/berth/v1/network/explain?from=client").status()).isEqualTo(400);
  }
}
