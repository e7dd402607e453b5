package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers on networks: attaching and detaching them in every state, and what inspect says. */
@Tag("blackbox")
class NetworkConnectTest extends SceneTest {
  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  @DisplayName("network and container must be there (net-083, net-109)")
  void missing() {
    scene.subnet("u1", "10.70.0.0/24");
    scene.on("u1", "aa");
    refuses(scene.connect("nosuch", "aa", ""), 404, "network nosuch not found");
    refuses(scene.connect("u1", "nosuch", ""), 404, "No such container: nosuch");
    refuses(scene.disconnect("u1", "nosuch"), 404, "No such container: nosuch");
    refuses(scene.disconnect("nosuch", "aa"), 404, "network nosuch not found");
    refuses(
        scene.post("/networks/u1/disconnect", "{\"Container\":\"nosuch\",\"Force\":true}"),
        404,
        "endpoint nosuch not found");
    scene.stop("aa");
    refuses(scene.connect("nosuch", "aa", ""), 404, "network nosuch not found");
    String id = scene.container("aa").path("Id").asText();
    refuses(
        scene.disconnect("bridge", "aa"),
        500,
        "container " + id + " is not connected to the network bridge");
    refuses(
        scene.disconnect("nosuch", "aa"),
        500,
        "container " + id + " is not connected to the network nosuch");
  }

  @Test
  @DisplayName("a container is on a network once (net-085)")
  void twice() {
    scene.network("u1", "");
    scene.on("u1", "aa");
    refuses(
        scene.connect("u1", "aa", ""), 403, "endpoint with name aa already exists in network u1");
    scene.stop("aa");
    refuses(
        scene.connect("u1", "aa", ""), 403, "endpoint with name aa already exists in network u1");
  }

  @Test
  @DisplayName("none goes with no other network (net-087)")
  void noneIsAlone() {
    String message =
        "container cannot be connected to multiple networks with one of the networks in private"
            + " (none) mode";
    scene.network("u1", "");
    scene.on("u1", "aa");
    refuses(scene.connect("none", "aa", ""), 400, message);
    scene.on("none", "lone");
    refuses(scene.connect("u1", "lone", ""), 400, message);
    assertThat(scene.disconnect("none", "lone").status()).isEqualTo(200);
    assertThat(scene.connect("u1", "lone", "").status()).isEqualTo(200);
    assertThat(scene.container("lone").path("HostConfig").path("NetworkMode").asText())
        .isEqualTo("none");
    assertThat(scene.in("lone", "ip -4 -o addr show eth0").line())
        .contains(scene.address("lone", "u1"));
  }

  @ParameterizedTest(name = "{0}: {1} (net-089, net-091, net-213)")
  @CsvSource(
      delimiter = '|',
      value = {
        "\"IPv4Address\":\"10.99.0.5\" | no configured subnet or ip-range contain the IP address"
            + " 10.99.0.5",
        "\"IPv4Address\":\"foo\" | * invalid IPv4 address: foo~* no configured subnet or ip-range"
            + " contain the IP address foo",
        "\"IPv6Address\":\"fd00:91::99\" | user specified IP address is supported only when"
            + " connecting to networks with user configured subnets",
        "\"LinkLocalIPs\":[\"bar\"] | invalid link-local IP address: bar"
      })
  void badAddresses(String ipam, String reason) {
    scene.subnet("u1", "10.70.0.0/24");
    scene.running("aa", "");
    refuses(
        scene.connect("u1", "aa", "\"IPAMConfig\":{" + ipam + "}"),
        400,
        "invalid endpoint settings:\n" + reason.replace('~', '\n'));
    assertThat(scene.endpoint("aa", "u1").isMissingNode()).isTrue();
    assertThat(scene.in("aa", "ls /sys/class/net").text()).doesNotContain("eth1");
  }

  @Test
  @DisplayName("the default bridge takes no static address (net-093, net-119)")
  void staticOnDefaultBridge() {
    String reason =
        "invalid endpoint settings:\n"
            + "user specified IP address is supported on user defined networks only";
    scene.network("u1", "");
    scene.on("u1", "aa");
    String address = "\"IPAMConfig\":{\"IPv4Address\":\"172.17.0.99\"}";
    refuses(scene.connect("bridge", "aa", address), 400, reason);
    refuses(
        scene.createContainer(
            "bb", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"bridge\":{" + address + "}}}"),
        400,
        "invalid config for network bridge: " + reason);
  }

  @Test
  @DisplayName("inspect echoes all that was asked for (net-095, net-097)")
  void endpointEcho() {
    scene.subnet("u1", "10.70.0.0/24");
    scene.running("target", "");
    scene.running("aa", "\"Hostname\":\"myhost\"");
    ApiClient.Answer answer =
        scene.connect(
            "u1",
            "aa",
            "\"Aliases\":[\"al1\",\"al2\"],\"IPAMConfig\":{\"IPv4Address\":\"10.70.0.50\"},"
                + "\"Links\":[\"target:tt\"],\"GwPriority\":7,"
                + "\"DriverOpts\":{\"com.docker.network.endpoint.ifname\":\"foo7\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    JsonNode endpoint = scene.endpoint("aa", "u1");
    assertThat(texts(endpoint.path("Aliases"))).containsExactly("al1", "al2");
    assertThat(endpoint.path("IPAMConfig").path("IPv4Address").asText()).isEqualTo("10.70.0.50");
    assertThat(endpoint.path("IPAddress").asText()).isEqualTo("10.70.0.50");
    assertThat(texts(endpoint.path("Links"))).containsExactly("target:tt");
    assertThat(endpoint.path("GwPriority").asInt()).isEqualTo(7);
    assertThat(endpoint.path("DriverOpts").path("com.docker.network.endpoint.ifname").asText())
        .isEqualTo("foo7");
    String id = scene.container("aa").path("Id").asText().substring(0, 12);
    assertThat(texts(endpoint.path("DNSNames"))).containsExactly("aa", "al1", "al2", id, "myhost");
    assertThat(scene.in("aa", "ip -o addr show foo7").ok().text()).contains("10.70.0.50/24");
  }

  @Test
  @DisplayName("a link-local address is a second one on the interface (net-099)")
  void linkLocal() {
    scene.network("u1", "");
    scene.running("aa", "");
    assertThat(
            scene
                .docker("network", "connect", "--link-local-ip", "169.254.9.9", "u1", "aa")
                .ok()
                .line())
        .isEmpty();
    assertThat(scene.in("aa", "ip -4 -o addr show eth1").ok().text())
        .contains("169.254.9.9/16")
        .contains(scene.address("aa", "u1") + "/16");
  }

  @Test
  @DisplayName("a paused container can be attached and detached (net-101)")
  void paused() {
    scene.network("u1", "");
    scene.running("aa", "");
    assertThat(scene.post("/containers/aa/pause", "").status()).isEqualTo(204);
    assertThat(scene.connect("u1", "aa", "").status()).isEqualTo(200);
    assertThat(scene.disconnect("bridge", "aa").status()).isEqualTo(200);
    assertThat(scene.post("/containers/aa/unpause", "").status()).isEqualTo(204);
    assertThat(scene.in("aa", "ls /sys/class/net").lines()).containsExactly("eth1", "lo");
  }

  @Test
  @DisplayName("the old fields of NetworkSettings speak of the default bridge (net-103, net-105)")
  void legacyFields() {
    scene.running("aa", "");
    JsonNode settings = scene.container("aa").path("NetworkSettings");
    JsonNode endpoint = settings.path("Networks").path("bridge");
    assertThat(endpoint.path("DNSNames").isNull()).isTrue();
    for (String field : List.of("IPAddress", "Gateway", "MacAddress", "EndpointID")) {
      assertThat(settings.path(field).asText())
          .as(field)
          .isNotEmpty()
          .isEqualTo(endpoint.path(field).asText());
    }
    String networkId = endpoint.path("NetworkID").asText();
    assertThat(networkId).hasSize(64);
    scene.network("u1", "");
    scene.on("u1", "bb");
    JsonNode user = scene.container("bb").path("NetworkSettings");
    for (String field : List.of("IPAddress", "Gateway", "MacAddress", "EndpointID")) {
      assertThat(user.path(field).asText("missing")).as(field).isEmpty();
    }
    scene.stop("aa");
    JsonNode stopped = scene.container("aa").path("NetworkSettings");
    JsonNode left = stopped.path("Networks").path("bridge");
    assertThat(left.path("NetworkID").asText()).isEqualTo(networkId);
    for (String field : List.of("EndpointID", "IPAddress", "Gateway", "MacAddress")) {
      assertThat(left.path(field).asText("missing")).as(field).isEmpty();
    }
    assertThat(stopped.path("SandboxID").asText("missing")).isEmpty();
    assertThat(stopped.path("SandboxKey").asText("missing")).isEmpty();
    assertThat(stopped.path("Ports").toString()).isEqualTo("{}");
  }

  @Test
  @DisplayName("detaching takes interface, address and names away (net-107)")
  void disconnect() {
    scene.network("u1", "");
    scene.on("u1", "aa");
    scene.on("u1", "bb");
    String address = scene.address("aa", "u1");
    assertThat(scene.in("bb", "nslookup aa 127.0.0.11").text()).contains(address);
    assertThat(scene.disconnect("u1", "aa").status()).isEqualTo(200);
    assertThat(scene.in("aa", "ls /sys/class/net").line()).isEqualTo("lo");
    assertThat(scene.in("bb", "nslookup aa. 127.0.0.11").text()).doesNotContain(address);
    assertThat(scene.inspect("u1").path("Containers")).hasSize(1);
    scene.on("u1", "cc");
    assertThat(scene.address("cc", "u1")).isEqualTo(address);
  }

  @Test
  @DisplayName("host mode cannot be left (net-111)")
  void leaveHost() {
    scene.on("host", "hh");
    refuses(
        scene.disconnect("host", "hh"),
        400,
        "cannot disconnect container from host network - container was created in host network"
            + " mode");
    scene.running("aa", "");
    String id = scene.container("aa").path("Id").asText();
    refuses(
        scene.disconnect("host", "aa"),
        500,
        "container " + id + " is not connected to network host");
    scene.network("u1", "");
    refuses(
        scene.connect("u1", "hh", ""),
        400,
        "container sharing network namespace with another container or host cannot be connected to"
            + " any other network");
  }

  @Test
  @DisplayName("a stopped container can be detached from a network that is gone")
  void detachFromNothing() {
    scene.network("u1", "");
    scene.on("u1", "aa");
    scene.stop("aa");
    assertThat(scene.delete("/networks/u1").status()).isEqualTo(204);
    assertThat(scene.start("aa").status()).isEqualTo(404);
    assertThat(scene.disconnect("u1", "aa").status()).isEqualTo(200);
    assertThat(scene.connect("bridge", "aa", "").status()).isEqualTo(200);
    assertThat(scene.start("aa").status()).isEqualTo(204);
    assertThat(scene.address("aa", "bridge")).isNotEmpty();
  }

  @Test
  @DisplayName("reattaching without options forgets aliases, not the name (net-113)")
  void reconnect() {
    scene.network("u1", "");
    scene.on("u1", "bb");
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "u1",
            "--network-alias",
            "al",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(scene.in("bb", "nslookup al. 127.0.0.11").exitCode()).isZero();
    assertThat(scene.disconnect("u1", "aa").status()).isEqualTo(200);
    assertThat(scene.connect("u1", "aa", "").status()).isEqualTo(200);
    assertThat(scene.in("bb", "nslookup al. 127.0.0.11").exitCode()).isNotZero();
    assertThat(scene.in("bb", "nslookup aa. 127.0.0.11").text())
        .contains(scene.address("aa", "u1"));
  }

  @Test
  @DisplayName("a stopped container keeps what it was attached to meanwhile")
  void stoppedAttachments() {
    scene.subnet("u1", "10.70.0.0/24");
    scene.network("u2", "");
    scene.on("u2", "aa");
    scene.stop("aa");
    assertThat(
            scene.connect("u1", "aa", "\"IPAMConfig\":{\"IPv4Address\":\"10.70.0.77\"}").status())
        .isEqualTo(200);
    assertThat(scene.disconnect("u2", "aa").status()).isEqualTo(200);
    assertThat(scene.start("aa").status()).isEqualTo(204);
    assertThat(scene.in("aa", "ip -4 -o addr show").text()).contains("10.70.0.77/24");
    assertThat(scene.container("aa").path("NetworkSettings").path("Networks")).hasSize(1);
  }
}
