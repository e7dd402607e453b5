package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the engine's own settings make of the default bridge and of networks to come. */
@Order(SpineFirst.FIRST)
@Tag("blackbox")
class DefaultBridgeTest {
  private static String in(Scene scene, String container, String line) {
    return scene.in(container, line).ok().line();
  }

  private static JsonNode pool(Scene scene, String network, int index) {
    return scene.inspect(network).at("/IPAM/Config").path(index);
  }

  @Test
  @DisplayName("--bip, --fixed-cidr, --default-gateway, --mtu, --icc and --ip")
  void settings() {
    try (Scene scene =
        Scene.open(
            "--bip=10.61.0.1/16",
            "--fixed-cidr=10.61.7.0/24",
            "--default-gateway=10.61.0.9",
            "--mtu=1380",
            "--icc=false",
            "--ip=127.0.0.1")) {
      JsonNode pool = pool(scene, "bridge", 0);
      assertThat(pool.path("Subnet").asText()).isEqualTo("10.61.0.0/16");
      assertThat(pool.path("IPRange").asText()).isEqualTo("10.61.7.0/24");
      assertThat(pool.path("Gateway").asText()).isEqualTo("10.61.0.1");
      assertThat(pool.at("/AuxiliaryAddresses/DefaultGatewayIPv4").asText()).isEqualTo("10.61.0.9");
      JsonNode options = scene.inspect("bridge").path("Options");
      assertThat(options.path("com.docker.network.bridge.enable_icc").asText()).isEqualTo("false");
      assertThat(options.path("com.docker.network.bridge.host_binding_ipv4").asText())
          .isEqualTo("127.0.0.1");
      scene.server("web", "-p", "8071:80");
      assertThat(scene.address("web", "bridge")).startsWith("10.61.7.");
      assertThat(scene.endpoint("web", "bridge").path("Gateway").asText()).isEqualTo("10.61.0.9");
      assertThat(in(scene, "web", "ip -4 route show default"))
          .startsWith("default via 10.61.0.9 dev eth0");
      assertThat(in(scene, "web", "cat /sys/class/net/eth0/mtu")).isEqualTo("1380");
      assertThat(scene.host("ip -4 -o addr show docker0").line()).contains("10.61.0.1/16");
      assertThat(scene.docker("port", "web").ok().lines())
          .containsExactly("80/tcp -> 127.0.0.1:8071");
      scene.running("peer", "");
      assertThat(scene.fetch("peer", scene.address("web", "bridge"))).isEmpty();
    }
  }

  @Test
  @DisplayName("--bridge takes a bridge as it is and leaves it behind")
  void somebodyElsesBridge() {
    EngineUnderTest engine = EngineUnderTest.prepare("--bridge=mine0");
    engine.onHost("ip", "link", "add", "mine0", "type", "bridge").run().ok();
    engine.onHost("ip", "addr", "add", "10.62.3.4/24", "dev", "mine0").run().ok();
    try (Scene scene = Scene.with(engine)) {
      JsonNode pool = pool(scene, "bridge", 0);
      assertThat(pool.path("Subnet").asText()).isEqualTo("10.62.3.0/24");
      assertThat(pool.path("Gateway").asText()).isEqualTo("10.62.3.4");
      assertThat(scene.host("ip link show docker0").exitCode()).isNotZero();
      scene.server("web");
      assertThat(scene.address("web", "bridge")).startsWith("10.62.3.");
      scene.readsOnHost("page of web", scene.address("web", "bridge"));
      String id = scene.inspect("bridge").path("Id").asText();
      scene.engine().stopEngine();
      scene.engine().startEngine();
      assertThat(scene.inspect("bridge").path("Id").asText()).isEqualTo(id);
      scene.clear();
      assertThat(scene.host("ip -4 -o addr show mine0").line()).contains("10.62.3.4/24");
    }
  }

  @Test
  @DisplayName("--bridge names a bridge that is there")
  void missingBridge() {
    try (EngineUnderTest engine = EngineUnderTest.prepare("--bridge=nosuch0")) {
      Command.Result result = Command.of(engine.engineCommand()).run();
      assertThat(result.exitCode()).isNotZero();
      assertThat(result.text() + result.errors())
          .contains("bridge device with non default name nosuch0 must be created manually");
    }
  }

  @Test
  @DisplayName("--ipv6 gives the default bridge a local subnet unless one is named")
  void ipv6() {
    try (Scene scene =
        Scene.open("--ipv6", "--fixed-cidr-v6=fd00:63::/64", "--default-gateway-v6=fd00:63::77")) {
      assertThat(scene.inspect("bridge").path("EnableIPv6").asBoolean()).isTrue();
      scene.running("six", "");
      assertThat(scene.endpoint("six", "bridge").path("GlobalIPv6Address").asText())
          .startsWith("fd00:63::");
      assertThat(in(scene, "six", "ip -6 route show default"))
          .startsWith("default via fd00:63::77");
    }
    try (Scene scene = Scene.open("--ipv6")) {
      assertThat(pool(scene, "bridge", 1).path("Subnet").asText()).matches("fd[0-9a-f:]+::/64");
      scene.running("aa", "");
      scene.running("bb", "");
      String address = scene.endpoint("aa", "bridge").path("GlobalIPv6Address").asText();
      assertThat(scene.in("bb", "ping -6 -c 1 -W 3 " + address).exitCode()).isZero();
    }
  }

  @Test
  @DisplayName("--bridge=none leaves containers without a network")
  void none() {
    try (Scene scene = Scene.open("--bridge=none")) {
      assertThat(scene.get("/networks/bridge").status()).isEqualTo(404);
      assertThat(scene.host("ip link show docker0").exitCode()).isNotZero();
      scene.network("own", "");
      scene.on("own", "aa");
      assertThat(in(scene, "aa", "ls /sys/class/net")).contains("eth0");
    }
  }

  @Test
  @DisplayName("new networks start from --default-network-opt and --default-address-pool")
  void defaultsOfNetworks() {
    try (Scene scene =
        Scene.open(
            "--default-network-opt=bridge=com.docker.network.driver.mtu=1334",
            "--default-network-opt=bridge=com.docker.network.enable_ipv6=true",
            "--default-address-pool=base=10.64.0.0/22,size=24",
            "--default-address-pool=base=fd00:64::/56,size=64")) {
      scene.network("one", "");
      JsonNode one = scene.inspect("one");
      assertThat(one.at("/Options/com.docker.network.driver.mtu").asText()).isEqualTo("1334");
      assertThat(one.path("EnableIPv6").asBoolean()).isTrue();
      assertThat(pool(scene, "one", 0).path("Subnet").asText()).isEqualTo("10.64.1.0/24");
      assertThat(pool(scene, "one", 1).path("Subnet").asText()).isEqualTo("fd00:64::/64");
      scene.network("own", "\"Options\":{\"com.docker.network.driver.mtu\":\"1300\"}");
      scene.on("own", "aa");
      assertThat(in(scene, "aa", "cat /sys/class/net/eth0/mtu")).isEqualTo("1300");
      scene.network("cfg", "\"ConfigOnly\":true,\"Labels\":{\"a\":\"1\"}");
      assertThat(scene.create("heir", "\"ConfigFrom\":{\"Network\":\"cfg\"}").status())
          .isEqualTo(201);
      ApiClient.Answer full = scene.create("full", "");
      assertThat(full.status()).isEqualTo(400);
      assertThat(full.message())
          .isEqualTo("all predefined address pools have been fully subnetted");
    }
  }

  @Test
  @DisplayName("pools stay clear of what the host is on or routes to")
  void clearOfTheHost() {
    EngineUnderTest engine =
        EngineUnderTest.prepare("--default-address-pool=base=10.65.0.0/21,size=24");
    engine.onHost("ip", "link", "add", "up1", "type", "veth", "peer", "name", "up2").run().ok();
    engine.onHost("ip", "addr", "add", "10.65.1.9/24", "dev", "up1").run().ok();
    engine.onHost("ip", "link", "set", "up1", "up").run().ok();
    engine.onHost("ip", "link", "set", "up2", "up").run().ok();
    engine
        .onHost("ip", "route", "add", "10.65.2.0/23", "via", "10.65.1.1", "dev", "up1")
        .run()
        .ok();
    try (Scene scene = Scene.with(engine)) {
      assertThat(pool(scene, "bridge", 0).path("Subnet").asText()).isEqualTo("10.65.0.0/24");
      scene.network("one", "");
      assertThat(pool(scene, "one", 0).path("Subnet").asText()).isEqualTo("10.65.4.0/24");
    }
  }
}
