package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Networks of ipvlan interfaces: their modes and flags with real packets. */
class IpvlanCases extends WireCases {
  private static void network(String name, String subnet, String... options) {
    StringBuilder all = new StringBuilder("\"parent\":\"").append(Wire.PARENT).append('"');
    for (int i = 0; i < options.length; i += 2) {
      all.append(",\"%s\":\"%s\"".formatted(options[i], options[i + 1]));
    }
    scene.network(
        name,
        "\"Driver\":\"ipvlan\",\"Options\":{%s},\"IPAM\":{\"Config\":[{\"Subnet\":\"%s\"}]}"
            .formatted(all, subnet));
  }

  private static void pair(String... options) {
    network("iv", "10.90.0.0/24", options);
    wire.at("iv", "aa", "10.90.0.50");
    wire.at("iv", "bb", "10.90.0.51");
  }

  @Test
  @DisplayName("l2: siblings and the other machine are reached, the host is not")
  void layerTwo() {
    pair();
    assertThat(wire.link("aa")).contains("ipvlan").contains("mode l2 bridge");
    wire.reaches("aa", "10.90.0.51");
    assertThat(scene.in("aa", "ping -c 1 -W 5 bb").exitCode()).isZero();
    wire.reaches("aa", FAR);
    wire.reachesNot("aa", HOST);
    assertThat(wire.far("ping -c 1 -W 3 10.90.0.51").exitCode()).isZero();
  }

  @Test
  @DisplayName("l2 private: the other machine is reached, siblings are not")
  void layerTwoPrivate() {
    pair("ipvlan_flag", "private");
    assertThat(wire.link("aa")).contains("mode l2 private");
    wire.reaches("aa", FAR);
    wire.reaches("bb", FAR);
    wire.reachesNot("aa", "10.90.0.51");
  }

  @Test
  @DisplayName("l2 vepa: what is for a sibling leaves by the wire")
  void layerTwoVepa() {
    pair("ipvlan_flag", "vepa");
    assertThat(wire.link("aa")).contains("mode l2 vepa");
    wire.reaches("aa", FAR);
    wire.reaches("bb", FAR);
    wire.reachesNot("aa", "10.90.0.51");
  }

  @Test
  @DisplayName("l3: everything is on the link and the other machine needs a route")
  void layerThree() {
    network("iv", "10.91.0.0/24", "ipvlan_mode", "l3");
    wire.at("iv", "aa", "10.91.0.50");
    wire.at("iv", "bb", "10.91.0.51");
    assertThat(wire.link("aa")).contains("mode l3 bridge").contains("NOARP");
    assertThat(wire.routes("aa")).contains("default dev eth0");
    wire.reaches("aa", "10.91.0.51");
    wire.reachesNot("aa", FAR);
    wire.far("ip route add 10.91.0.0/24 via " + HOST).ok();
    try {
      wire.reaches("aa", FAR);
      assertThat(wire.far("ping -c 1 -W 3 10.91.0.51").exitCode()).isZero();
    } finally {
      wire.far("ip route del 10.91.0.0/24");
    }
  }

  @Test
  @DisplayName("l3 private and vepa: siblings are not reached")
  void layerThreeFlags() {
    network("iv", "10.91.0.0/24", "ipvlan_mode", "l3", "ipvlan_flag", "private");
    wire.at("iv", "aa", "10.91.0.50");
    wire.at("iv", "bb", "10.91.0.51");
    assertThat(wire.link("aa")).contains("mode l3 private");
    wire.reachesNot("aa", "10.91.0.51");
    wire.clear(before);
    network("iv", "10.91.0.0/24", "ipvlan_mode", "l3", "ipvlan_flag", "vepa");
    wire.at("iv", "aa", "10.91.0.50");
    assertThat(wire.link("aa")).contains("mode l3 vepa");
  }

  @Test
  @DisplayName("l3s: packets pass the host's packet filter")
  void layerThreeSymmetric() {
    network("iv", "10.91.0.0/24", "ipvlan_mode", "l3s");
    wire.at("iv", "aa", "10.91.0.50");
    assertThat(wire.link("aa")).contains("mode l3s bridge");
    wire.far("ip route add 10.91.0.0/24 via " + HOST).ok();
    try {
      wire.reaches("aa", FAR);
      scene.host("iptables -I INPUT -s 10.90.0.200 -d 10.91.0.50 -j DROP").ok();
      wire.reachesNot("aa", FAR);
      scene.host("iptables -D INPUT -s 10.90.0.200 -d 10.91.0.50 -j DROP").ok();
      wire.reaches("aa", FAR);
    } finally {
      wire.far("ip route del 10.91.0.0/24");
    }
  }

  @Test
  @DisplayName("IPv6 on l2 and the gateway that was named")
  void sixthVersion() {
    scene
        .docker(
            "network",
            "create",
            "-d",
            "ipvlan",
            "-o",
            "parent=par0",
            "--ipv6",
            "--subnet",
            "10.90.0.0/24",
            "--gateway",
            FAR,
            "--subnet",
            "fd90::/64",
            "--gateway",
            "fd90::200",
            "iv")
        .ok();
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "iv",
            "--ip",
            "10.90.0.50",
            "--ip6",
            "fd90::50",
            "busybox",
            "sleep",
            "1000")
        .ok();
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "bb",
            "--network",
            "iv",
            "--ip",
            "10.90.0.51",
            "--ip6",
            "fd90::51",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(wire.routes("aa")).contains("default via " + FAR);
    assertThat(wire.routes("aa")).contains("default via fd90::200");
    wire.reaches("aa", "fd90::51");
    wire.reaches("aa", "fd90::200");
    wire.far("ip addr add 198.51.100.7/32 dev lo").ok();
    wire.reaches("aa", "198.51.100.7");
    wire.far("ip addr del 198.51.100.7/32 dev lo").ok();
  }

  @Test
  @DisplayName("an internal network and one without a parent lead nowhere")
  void internal() {
    scene
        .docker(
            "network",
            "create",
            "-d",
            "ipvlan",
            "--internal",
            "-o",
            "parent=par0",
            "--subnet",
            "10.90.0.0/24",
            "closed")
        .ok();
    String id = scene.docker("network", "create", "-d", "ipvlan", "lone").ok().line();
    assertThat(wire.links()).contains("di-" + id.substring(0, 12));
    wire.at("closed", "aa", "10.90.0.50");
    assertThat(wire.routes("aa")).doesNotContain("default");
    scene.on("lone", "bb");
    scene.on("lone", "cc");
    wire.reaches("bb", scene.address("cc", "lone"));
    assertThat(wire.routes("bb")).doesNotContain("default");
  }

  @Test
  @DisplayName("a second network on the parent, a MAC address and unknown words are refused")
  void refusals() {
    network("iv", "10.90.0.0/24");
    ApiClient.Answer second =
        scene.create("iw", "\"Driver\":\"ipvlan\",\"Options\":{\"parent\":\"par0\"}");
    assertThat(second.status()).isEqualTo(500);
    assertThat(second.message()).endsWith("is already using parent interface par0");
    Command.Result named =
        scene.docker(
            "run",
            "--rm",
            "--network",
            "iv",
            "--mac-address",
            "02:42:0a:5a:00:07",
            "busybox",
            "true");
    assertThat(named.exitCode()).isEqualTo(125);
    assertThat(named.errors())
        .contains("ipvlan interfaces do not support custom mac address assignment");
    ApiClient.Answer flag =
        scene.create("ix", "\"Driver\":\"ipvlan\",\"Options\":{\"ipvlan_flag\":\"open\"}");
    assertThat(flag.message())
        .isEqualTo(
            "requested ipvlan flag 'open' is not valid, 'bridge' is the ipvlan driver"
                + " default");
  }
}
