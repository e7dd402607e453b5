package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

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
 * Who reaches whom, shown by real packets: between containers, from the host, and from a neighbour
 * of the host that routes into it. With either packet filter.
 */
@Tag("blackbox")
@ParameterizedClass(name = "with {0}")
@ValueSource(strings = {"iptables", "nftables"})
class IsolationTest {
  private static Scene scene;
  private static Neighbour neighbour;

  @Parameter String backend;

  @BeforeParameterizedClassInvocation
  static void start(String backend) {
    scene = Scene.open("--firewall-backend", backend);
    neighbour = Neighbour.of(scene);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    neighbour.close();
    scene.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
  }

  private static String outside(String authority) {
    return neighbour.fetch(authority);
  }

  @Test
  @DisplayName("networks do not reach each other (net-179)")
  void networksAreApart() {
    scene.network("left", "");
    scene.network("right", "");
    scene.server("base");
    scene.server("ll", "--network", "left");
    scene.server("rr", "--network", "right");
    String base = scene.address("base", "bridge");
    String right = scene.address("rr", "right");
    assertThat(scene.fetch("ll", base)).isEmpty();
    assertThat(scene.fetch("ll", right)).isEmpty();
    assertThat(scene.fetch("base", right)).isEmpty();
    scene.reads("page of base", "base", "127.0.0.1");
    assertThat(scene.connect("left", "rr", "").status()).isEqualTo(200);
    scene.reads("page of rr", "ll", "rr");
    assertThat(scene.disconnect("left", "rr").status()).isEqualTo(200);
    assertThat(scene.fetch("ll", right)).isEmpty();
  }

  @Test
  @DisplayName("an internal network has no way out, and the host a way in (net-181)")
  void internal() {
    scene.network("inside", "\"Internal\":true");
    scene.server("in", "--network", "inside");
    scene.on("inside", "peer");
    String gateway = scene.inspect("inside").at("/IPAM/Config/0/Gateway").asText();
    assertThat(scene.in("in", "ip route").text()).doesNotContain("default");
    assertThat(scene.in("in", "ping -c 1 -W 1 198.51.100.2 2>&1").text())
        .contains("Network is unreachable");
    scene.reads("page of in", "peer", "in");
    scene.reaches("peer", gateway);
    scene.readsOnHost("page of in", scene.address("in", "inside"));
    assertThat(outside(scene.address("in", "inside"))).isEmpty();
    scene.in("peer", "true").ok();
    assertThat(scene.endpoint("in", "inside").path("Gateway").asText()).isEmpty();
  }

  @Test
  @DisplayName("packets leave with the host's address unless told otherwise (net-183, net-185)")
  void masquerade() {
    scene.network("plain", "");
    scene.network(
        "bare", "\"Options\":{\"com.docker.network.bridge.enable_ip_masquerade\":\"false\"}");
    scene.on("plain", "pp");
    scene.on("bare", "bb");
    assertThat(neighbour.sees("pp", "198.51.100.2")).isEqualTo("198.51.100.1");
    assertThat(neighbour.sees("bb", "198.51.100.2")).isEqualTo(scene.address("bb", "bare"));
  }

  @Test
  @DisplayName("a bridge without an address still carries its containers (net-189)")
  void inhibited() {
    scene.network("quiet", "\"Options\":{\"com.docker.network.bridge.inhibit_ipv4\":\"true\"}");
    scene.on("quiet", "aa");
    scene.on("quiet", "bb");
    String bridge = "br-" + scene.inspect("quiet").path("Id").asText().substring(0, 12);
    String gateway = scene.inspect("quiet").at("/IPAM/Config/0/Gateway").asText();
    assertThat(scene.host("ip -4 addr show " + bridge).line()).isEmpty();
    assertThat(scene.in("aa", "ip route").text()).contains("default via " + gateway);
    scene.reaches("aa", scene.address("bb", "quiet"));
  }

  @Test
  @DisplayName("without icc only what is published is reached")
  void noTraffic() {
    scene.network("strict", "\"Options\":{\"com.docker.network.bridge.enable_icc\":\"false\"}");
    scene.server("web", "--network", "strict", "-p", "8080:80");
    scene.on("strict", "peer");
    assertThat(scene.fetch("peer", scene.address("web", "strict"))).isEmpty();
    neighbour.reads("page of web", "198.51.100.1:8080");
  }

  @Test
  @DisplayName("a published port answers on every address of the host, and to its own container")
  void published() {
    scene.network("six", "\"EnableIPv6\":true");
    scene.server("web", "--network", "six", "-p", "8080:80");
    scene.running("base", "");
    scene.on("six", "peer");
    for (String place : List.of("127.0.0.1", "198.51.100.1", "[::1]", "[2001:db8:9::1]")) {
      scene.readsOnHost("page of web", place + ":8080");
    }
    neighbour.reads("page of web", "198.51.100.1:8080");
    neighbour.reads("page of web", "[2001:db8:9::1]:8080");
    for (String container : List.of("web", "peer", "base")) {
      scene.reads("page of web", container, "198.51.100.1:8080");
    }
    String gateway = scene.inspect("six").at("/IPAM/Config/0/Gateway").asText();
    String other = scene.inspect("bridge").at("/IPAM/Config/0/Gateway").asText();
    for (String container : List.of("web", "peer")) {
      scene.reads("page of web", container, gateway + ":8080");
    }
    scene.reads("page of web", "base", other + ":8080");
    scene.reads("page of web", "web", "[2001:db8:9::1]:8080");
    scene.reads("page of web", "peer", "[2001:db8:9::1]:8080");
    String direct6 = scene.endpoint("web", "six").path("GlobalIPv6Address").asText();
    scene.reads("page of web", "peer", "[" + direct6 + "]");
  }

  @Test
  @DisplayName("the address of a visitor is kept")
  void visitorAddress() {
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "web",
            "-p",
            "8080:80",
            "busybox",
            "sh",
            "-c",
            "mkdir -p /www/cgi-bin; printf '#!/bin/sh\\necho; echo $REMOTE_ADDR\\n'"
                + " > /www/cgi-bin/who; chmod +x /www/cgi-bin/who; exec httpd -f -h /www")
        .ok();
    String url = "198.51.100.1:8080/cgi-bin/who";
    Eventually.equal(
        "198.51.100.2",
        () ->
            scene
                .host("ip netns exec out timeout 2 busybox wget -q -O - http://" + url)
                .line()
                .replace("[::ffff:", "")
                .replace("::ffff:", "")
                .replace("]", ""));
  }

  @Test
  @DisplayName("ports on a loopback address are for the host alone (net-173)")
  void loopback() {
    scene.network(
        "local", "\"Options\":{\"com.docker.network.bridge.host_binding_ipv4\":\"127.0.0.1\"}");
    scene.server("web", "--network", "local", "-p", "8080:80");
    scene.server("other", "-p", "127.0.0.1:8081:80");
    assertThat(scene.docker("port", "web", "80").lines().getFirst()).isEqualTo("127.0.0.1:8080");
    scene.readsOnHost("page of web", "127.0.0.1:8080");
    scene.readsOnHost("page of other", "127.0.0.1:8081");
    for (String place :
        List.of(
            "198.51.100.1:8080",
            "198.51.100.1:8081",
            scene.address("web", "local"),
            scene.address("other", "bridge"))) {
      assertThat(outside(place)).as(place).isEmpty();
    }
  }

  @Test
  @DisplayName("a neighbour that routes to a container gets nowhere, published or not")
  void routedNeighbour() {
    scene.network("six", "\"EnableIPv6\":true");
    scene.server("web", "--network", "six", "-p", "8080:80");
    scene.server("hidden", "--network", "six");
    assertThat(outside(scene.address("web", "six"))).isEmpty();
    assertThat(outside(scene.address("hidden", "six"))).isEmpty();
    String six = scene.endpoint("hidden", "six").path("GlobalIPv6Address").asText();
    assertThat(outside("[" + six + "]")).isEmpty();
    neighbour.reads("page of web", "198.51.100.1:8080");
  }

  @Test
  @DisplayName("a routed network opens its published ports to routers, and no others")
  void routed() {
    scene.network(
        "routed", "\"Options\":{\"com.docker.network.bridge.gateway_mode_ipv4\":\"routed\"}");
    scene.server("web", "--network", "routed", "-p", "80");
    scene.server("hidden", "--network", "routed");
    neighbour.reads("page of web", scene.address("web", "routed"));
    assertThat(outside(scene.address("hidden", "routed"))).isEmpty();
  }

  @Test
  @DisplayName("a restart of the engine cuts and opens nothing")
  void restart() {
    scene.network("left", "");
    scene.server("ll", "--network", "left", "-p", "8080:80");
    scene.server("base");
    scene.engine().killEngine();
    neighbour.reads("page of ll", "198.51.100.1:8080");
    scene.engine().startEngine();
    neighbour.reads("page of ll", "198.51.100.1:8080");
    assertThat(outside(scene.address("ll", "left"))).isEmpty();
    assertThat(scene.fetch("base", scene.address("ll", "left"))).isEmpty();
    scene.on("left", "new");
    scene.reads("page of ll", "new", "ll");
  }
}
