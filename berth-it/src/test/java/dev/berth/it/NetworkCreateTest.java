package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new network may be, what it is then, and what is refused with which words. */
@Tag("blackbox")
class NetworkCreateTest extends SceneTest {
  private static JsonNode json(String text) {
    try {
      return new JsonMapper().readTree(text);
    } catch (java.io.IOException malformed) {
      throw new AssertionError(malformed);
    }
  }

  private static List<String> customNetworks() {
    List<String> names = new ArrayList<>();
    for (JsonNode network : scene.get("/networks").json()) {
      names.add(network.path("Name").asText());
    }
    names.removeAll(List.of("bridge", "host", "none"));
    return names;
  }

  @Test
  @DisplayName("a fresh engine has bridge, host and none (net-001)")
  void predefined() {
    List<String> found = new ArrayList<>();
    for (JsonNode network : scene.get("/networks").json()) {
      found.add(
          "%s %s %s"
              .formatted(
                  network.path("Name").asText(),
                  network.path("Driver").asText(),
                  network.path("Scope").asText()));
    }
    assertThat(found)
        .containsExactlyInAnyOrder("bridge bridge local", "host host local", "none null local");
  }

  @ParameterizedTest(name = "{0} has no addresses to give (net-003)")
  @ValueSource(strings = {"host", "none"})
  void predefinedWithoutAddresses(String name) {
    JsonNode network = scene.inspect(name);
    assertThat(network.path("IPAM"))
        .isEqualTo(json("{\"Driver\":\"default\",\"Options\":null,\"Config\":null}"));
    assertThat(network.path("Options")).isEqualTo(json("{}"));
    assertThat(network.path("Containers")).isEqualTo(json("{}"));
  }

  @ParameterizedTest(name = "the name {0} is taken for good (net-005)")
  @ValueSource(strings = {"bridge", "host", "none", "default"})
  void predefinedNames(String name) {
    refuses(
        scene.create(name, ""),
        403,
        "operation is not permitted on predefined " + name + " network ");
  }

  @Test
  @DisplayName("labels are echoed and all else is at its default (net-007)")
  void labels() {
    ApiClient.Answer answer = scene.create("n1", "\"Labels\":{\"a\":\"1\",\"b\":\"\"}");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().path("Id").asText()).matches("[0-9a-f]{64}");
    assertThat(answer.json().path("Warning").asText("missing")).isEmpty();
    JsonNode network = scene.inspect("n1");
    assertThat(network.path("Driver").asText()).isEqualTo("bridge");
    assertThat(network.path("Labels")).isEqualTo(json("{\"a\":\"1\",\"b\":\"\"}"));
    assertThat(network.path("Options")).isEqualTo(json("{}"));
    assertThat(network.path("IPAM").path("Options").isNull()).isTrue();
    scene.network("n2", "\"IPAM\":{\"Options\":{}}");
    assertThat(scene.inspect("n2").path("IPAM").path("Options")).isEqualTo(json("{}"));
  }

  @Test
  @DisplayName("a body that is not JSON is refused in Go's words (net-009)")
  void malformedBody() {
    refuses(
        scene.post("/networks/create", "notjson"),
        400,
        "invalid JSON: invalid character 'o' in literal null (expecting 'u')");
  }

  @ParameterizedTest(name = "a network may be called [{0}] (net-011)")
  @ValueSource(strings = {"container", " sp ace ", "a/b", "-x", "x"})
  void freeNames(String name) {
    String id = scene.network(name, "");
    assertThat(scene.inspect(id).path("Name").asText()).isEqualTo(name);
    assertThat(scene.inspect(name).path("Id").asText()).isEqualTo(id);
  }

  @ParameterizedTest(name = "[{0}] is no name")
  @ValueSource(strings = {"", " "})
  void emptyNames(String name) {
    refuses(scene.create(name, ""), 400, "invalid name: name is empty");
  }

  @Test
  @DisplayName("a second network of the same name is a conflict")
  void sameName() {
    scene.network("twice", "");
    refuses(scene.create("twice", ""), 409, "network with name twice already exists");
  }

  @ParameterizedTest(name = "an unknown {0} is a plugin that is not there (net-013)")
  @CsvSource(
      delimiter = '|',
      value = {
        "address manager | \"IPAM\":{\"Driver\":\"nope\"} | plugin \"nope\" not found",
        "driver          | \"Driver\":\"nope\"            | plugin \"nope\" not found"
      })
  void unknownPlugins(String what, String members, String message) {
    refuses(scene.create("np", members), 404, message);
    assertThat(customNetworks()).as(what).isEmpty();
  }

  @Test
  @DisplayName("flags are echoed, and IPv6 without a subnet gets a local one (net-015, net-017)")
  void flagsAndBridgeName() {
    String named = "\"Options\":{\"com.docker.network.bridge.name\":\"brn2\"}";
    String id =
        scene.network(
            "flags", "\"Internal\":true,\"Attachable\":true,\"EnableIPv6\":true," + named);
    JsonNode network = scene.inspect("flags");
    for (String flag : List.of("Internal", "Attachable", "EnableIPv6", "EnableIPv4")) {
      assertThat(network.path(flag).asBoolean()).as(flag).isTrue();
    }
    JsonNode pools = network.path("IPAM").path("Config");
    assertThat(pools).hasSize(2);
    assertThat(pools.get(1).path("Subnet").asText()).matches("fd[0-9a-f:]+::/64");
    assertThat(pools.get(1).path("Gateway").asText()).matches("fd[0-9a-f:]+::1");
    assertThat(scene.host("ip -d link show brn2").ok().text()).contains("bridge");

    ApiClient.Answer second = scene.create("other", named);
    assertThat(second.status()).isEqualTo(403);
    assertThat(second.message())
        .matches(
            "cannot create network [0-9a-f]{64} \\(brn2\\): conflicts with network "
                + id
                + " \\(brn2\\): networks have same bridge name");
    assertThat(customNetworks()).containsExactly("flags");
  }

  @ParameterizedTest(name = "{0}={1} is refused (net-019, net-187)")
  @CsvSource(
      delimiter = '|',
      value = {
        "bridge.enable_icc | maybe |" + " strconv.ParseBool: parsing \"maybe\": invalid syntax",
        "bridge.enable_ip_masquerade | 2 | strconv.ParseBool: parsing \"2\": invalid syntax",
        "bridge.inhibit_ipv4 | yes | strconv.ParseBool: parsing \"yes\": invalid syntax",
        "bridge.gateway_mode_ipv4 | bad | unknown gateway mode bad",
        "bridge.gateway_mode_ipv6 | NAT | unknown gateway mode NAT",
        "driver.mtu | wide | strconv.Atoi: parsing \"wide\": invalid syntax"
      })
  void unreadableOptions(String option, String value, String reason) {
    String key = "com.docker.network." + option;
    refuses(
        scene.create("options", "\"Options\":{\"" + key + "\":\"" + value + "\"}"),
        400,
        "failed to parse " + key + " value: " + value + " (" + reason + ")");
    assertThat(customNetworks()).isEmpty();
  }

  @Test
  @DisplayName("options outside of Docker's namespace are stored and echoed (net-021)")
  void foreignOptions() {
    scene.network("foreign", "\"Options\":{\"nonsense\":\"1\"}");
    assertThat(scene.inspect("foreign").path("Options")).isEqualTo(json("{\"nonsense\":\"1\"}"));
  }

  @Test
  @DisplayName("a network may have IPv6 alone (net-023)")
  void ipv6Only() {
    scene.network("six", "\"EnableIPv4\":false,\"EnableIPv6\":true");
    JsonNode network = scene.inspect("six");
    assertThat(network.path("EnableIPv4").asBoolean()).isFalse();
    assertThat(network.path("IPAM").path("Config")).hasSize(1);
    assertThat(network.path("IPAM").path("Config").get(0).path("Subnet").asText()).contains("::/");
  }

  @ParameterizedTest(name = "{0} needs a swarm (net-025, net-027)")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"Scope\":\"swarm\" |" + " cannot create a swarm scoped network when swarm is not active",
        "\"Driver\":\"overlay\" | This node is not a swarm manager. Use \"docker swarm init\" or"
            + " \"docker swarm join\" to connect this node to swarm and try again."
      })
  void swarmNetworks(String members, String message) {
    refuses(scene.create("swarmed", members), 403, message);
  }

  @Test
  @DisplayName("a config-only network gives its settings to others (net-029)")
  void configFrom() {
    scene.network(
        "cfg",
        "\"ConfigOnly\":true,\"IPAM\":{\"Config\":[{\"Subnet\":\"10.60.0.0/24\"}]},"
            + "\"Options\":{\"com.docker.network.driver.mtu\":\"1400\"}");
    scene.network("heir", "\"ConfigFrom\":{\"Network\":\"cfg\"}");
    JsonNode network = scene.inspect("heir");
    assertThat(network.path("ConfigFrom").path("Network").asText()).isEqualTo("cfg");
    assertThat(network.path("Driver").asText()).isEqualTo("bridge");
    assertThat(network.path("IPAM").path("Config").get(0).path("Subnet").asText())
        .isEqualTo("10.60.0.0/24");
    assertThat(network.path("Options"))
        .isEqualTo(json("{\"com.docker.network.driver.mtu\":\"1400\"}"));
    assertThat(scene.inspect("cfg").path("ConfigOnly").asBoolean()).isTrue();
    refuses(
        scene.delete("/networks/cfg"),
        403,
        "error while removing network: configuration network \"cfg\" is in use");
  }

  @Test
  @DisplayName("settings cannot come from a network that is not there (net-031)")
  void configFromMissing() {
    refuses(
        scene.create("orphan", "\"ConfigFrom\":{\"Network\":\"nonexist\"}"),
        404,
        "configuration network \"nonexist\" does not exist");
  }

  @Test
  @DisplayName("every field of the address management is echoed as given (net-033)")
  void ipamEcho() {
    String config =
        "{\"Subnet\":\"10.77.0.0/16\",\"IPRange\":\"10.77.5.0/24\",\"Gateway\":\"10.77.5.254\","
            + "\"AuxiliaryAddresses\":{\"h1\":\"10.77.5.10\"}}";
    scene.network("echo", "\"IPAM\":{\"Config\":[" + config + "]}");
    assertThat(scene.inspect("echo").path("IPAM").path("Config"))
        .isEqualTo(json("[" + config + "]"));
  }

  @ParameterizedTest(name = "{0} overlaps 10.78.0.0/16 (net-035)")
  @ValueSource(strings = {"10.78.0.0/16", "10.78.9.0/24", "10.0.0.0/8", "10.78.255.0/25"})
  void overlap(String subnet) {
    scene.subnet("first", "10.78.0.0/16");
    refuses(
        scene.create("second", "\"IPAM\":{\"Config\":[{\"Subnet\":\"" + subnet + "\"}]}"),
        403,
        "invalid pool request: Pool overlaps with other one on this address space");
  }

  @ParameterizedTest(name = "{0}: {1} (net-037, net-039)")
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"Subnet\":\"foo\"} | invalid subnet foo: invalid CIDR block notation",
        "{\"Subnet\":\"10.79.0.0/33\"} | invalid subnet 10.79.0.0/33: invalid CIDR block notation",
        "{\"Gateway\":\"10.79.0.1\"} | invalid subnet : invalid CIDR block notation",
        "{\"Subnet\":\"10.79.0.0/24\",\"IPRange\":\"10.81.0.0/25\"} | invalid ip-range"
            + " 10.81.0.0/25: parent subnet 10.79.0.0/24 doesn't contain ip-range",
        "{\"Subnet\":\"10.79.0.0/24\",\"Gateway\":\"10.80.0.1\"} | invalid gateway 10.80.0.1:"
            + " parent subnet 10.79.0.0/24 doesn't contain this address",
        "{\"Subnet\":\"10.79.0.0/24\",\"AuxiliaryAddresses\":{\"a\":\"10.80.0.1\"}} | invalid"
            + " auxiliary address a: parent subnet 10.79.0.0/24 doesn't contain this address"
      })
  void invalidPools(String config, String reason) {
    refuses(
        scene.create("pools", "\"IPAM\":{\"Config\":[" + config + "]}"),
        400,
        "invalid network config:\n" + reason);
  }

  @Test
  @DisplayName("a bridge has one subnet of a family (net-041)")
  void twoSubnets() {
    refuses(
        scene.create(
            "two",
            "\"IPAM\":{\"Config\":[{\"Subnet\":\"10.82.0.0/24\"},{\"Subnet\":\"10.83.0.0/24\"}]}"),
        403,
        "bridge driver doesn't support multiple subnets");
    assertThat(customNetworks()).isEmpty();
  }

  @Test
  @DisplayName("an IPv6 subnet alone does not turn IPv6 on (net-043)")
  void sixSubnetWithoutIpv6() {
    scene.network(
        "idle6", "\"EnableIPv6\":false,\"IPAM\":{\"Config\":[{\"Subnet\":\"fd00:43::/64\"}]}");
    JsonNode network = scene.inspect("idle6");
    assertThat(network.path("EnableIPv6").asBoolean()).isFalse();
    JsonNode pools = network.path("IPAM").path("Config");
    assertThat(pools).hasSize(2);
    assertThat(pools.get(0).path("Subnet").asText()).isEqualTo("fd00:43::/64");
    assertThat(pools.get(1).path("Subnet").asText()).matches("172\\.\\d+\\.0\\.0/16");
    assertThat(pools.get(1).path("Gateway").asText()).matches("172\\.\\d+\\.0\\.1");
  }

  @Test
  @DisplayName("subnets are handed out in order and again once free (net-045)")
  void subnetsInOrder() {
    for (int i = 1; i <= 3; i++) {
      scene.network("seq" + i, "");
      JsonNode pool = scene.inspect("seq" + i).path("IPAM").path("Config").get(0);
      assertThat(pool.path("Subnet").asText()).isEqualTo("172." + (17 + i) + ".0.0/16");
      assertThat(pool.path("Gateway").asText()).isEqualTo("172." + (17 + i) + ".0.1");
    }
    assertThat(scene.delete("/networks/seq2").status()).isEqualTo(204);
    scene.network("again", "");
    assertThat(scene.inspect("again").path("IPAM").path("Config").get(0).path("Subnet").asText())
        .isEqualTo("172.19.0.0/16");
  }
}
