package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Networks of macvlan interfaces: modes, tagged parents and parents that lead nowhere. */
class VlanCases extends WireCases {
  private static void network(String name, String driver, String parent, String more) {
    scene.network(
        name,
        "\"Driver\":\"%s\",\"Options\":{\"parent\":\"%s\"%s},\"IPAM\":{\"Config\":[%s]}"
            .formatted(driver, parent, more, "{\"Subnet\":\"10.90.0.0/24\"}"));
  }

  private static void mode(String mode) {
    network("mv", "macvlan", Wire.PARENT, ",\"macvlan_mode\":\"" + mode + "\"");
  }

  @Test
  @DisplayName("bridge: siblings and the other machine are reached, the host is not")
  void bridge() {
    mode("bridge");
    wire.at("mv", "aa", "10.90.0.50");
    wire.at("mv", "bb", "10.90.0.51");
    assertThat(wire.link("aa")).contains("macvlan mode bridge");
    wire.reaches("aa", "10.90.0.51");
    wire.reaches("aa", FAR);
    wire.reachesNot("aa", HOST);
    assertThat(wire.far("ping -c 1 -W 3 10.90.0.51").exitCode()).isZero();
  }

  @Test
  @DisplayName("private: siblings are not reached even where the switch sends frames back")
  void privateMode() {
    mode("private");
    wire.at("mv", "aa", "10.90.0.50");
    wire.at("mv", "bb", "10.90.0.51");
    wire.hairpin(true);
    assertThat(wire.link("aa")).contains("macvlan mode private");
    wire.reaches("aa", FAR);
    wire.reachesNot("aa", "10.90.0.51");
  }

  @Test
  @DisplayName("vepa: siblings reach each other only through the switch")
  void vepa() {
    mode("vepa");
    wire.at("mv", "aa", "10.90.0.50");
    wire.at("mv", "bb", "10.90.0.51");
    assertThat(wire.link("aa")).contains("macvlan mode vepa");
    wire.reaches("aa", FAR);
    wire.reachesNot("aa", "10.90.0.51");
    wire.hairpin(true);
    wire.reaches("aa", "10.90.0.51");
  }

  @Test
  @DisplayName("passthru: one container takes the parent over, a second is refused")
  void passthru() {
    mode("passthru");
    wire.at("mv", "aa", "10.90.0.50");
    assertThat(wire.link("aa")).contains("macvlan mode passthru");
    wire.reaches("aa", FAR);
    Command.Result second =
        scene.docker("run", "--name", "bb", "--network", "mv", "busybox", "true");
    assertThat(second.exitCode()).isEqualTo(125);
    scene.docker("rm", "-f", "bb");
    wire.reaches("aa", FAR);
  }

  @Test
  @DisplayName("a tagged parent is made, carries tagged frames, and goes with its last network")
  void taggedParent() {
    wire.tag(100, "10.92.0.200/24");
    try {
      scene
          .docker(
              "network",
              "create",
              "-d",
              "macvlan",
              "-o",
              "parent=par0.100",
              "--subnet",
              "10.92.0.0/24",
              "mv")
          .ok();
      scene
          .docker(
              "network",
              "create",
              "-d",
              "macvlan",
              "-o",
              "parent=par0.100",
              "--subnet",
              "10.93.0.0/24",
              "mw")
          .ok();
      assertThat(scene.host("ip -d -o link show par0.100").ok().text())
          .contains("vlan protocol 802.1Q id 100")
          .contains("state UP");
      wire.at("mv", "aa", "10.92.0.50");
      wire.reaches("aa", "10.92.0.200");
      scene.docker("rm", "-f", "aa").ok();
      scene.docker("network", "rm", "mv").ok();
      assertThat(wire.links()).contains("par0.100");
      scene.docker("network", "rm", "mw").ok();
      Eventually.equal(before, wire::links);
    } finally {
      wire.untag(100);
    }
  }

  @Test
  @DisplayName("frames of another VLAN do not arrive, with macvlan and with ipvlan")
  void otherTag() {
    wire.tag(100, "10.92.0.200/24");
    try {
      for (String driver : new String[] {"macvlan", "ipvlan"}) {
        scene
            .docker(
                "network",
                "create",
                "-d",
                driver,
                "-o",
                "parent=par0.101",
                "--subnet",
                "10.92.0.0/24",
                "other")
            .ok();
        scene
            .docker(
                "network",
                "create",
                "-d",
                driver,
                "-o",
                "parent=par0.100",
                "--subnet",
                "10.94.0.0/24",
                "same")
            .ok();
        wire.at("other", "aa", "10.92.0.50");
        wire.reachesNot("aa", "10.92.0.200");
        wire.clear(before);
      }
    } finally {
      wire.untag(100);
    }
  }

  @Test
  @DisplayName("a sub-interface that was there before stays")
  void foreignParent() {
    scene.host("ip link add link par0 name par0.7 type vlan id 7 && ip link set par0.7 up").ok();
    try {
      network("mv", "macvlan", "par0.7", "");
      wire.at("mv", "aa", "10.90.0.50");
      scene.clear();
      assertThat(wire.links()).contains("par0.7");
    } finally {
      scene.host("ip link del par0.7").ok();
    }
  }

  @Test
  @DisplayName("after a restart of the engine the sub-interface is there, or made again")
  void restart() {
    wire.tag(100, "10.92.0.200/24");
    try {
      scene
          .docker(
              "network",
              "create",
              "-d",
              "ipvlan",
              "-o",
              "parent=par0.100",
              "--subnet",
              "10.92.0.0/24",
              "iv")
          .ok();
      wire.at("iv", "aa", "10.92.0.50");
      scene.engine().killEngine();
      scene.engine().startEngine();
      wire.reaches("aa", "10.92.0.200");
      scene.docker("rm", "-f", "aa").ok();
      scene.engine().stopEngine();
      scene.host("ip link del par0.100").ok();
      scene.engine().startEngine();
      assertThat(wire.links()).contains("par0.100");
      wire.at("iv", "aa", "10.92.0.50");
      wire.reaches("aa", "10.92.0.200");
      scene.docker("rm", "-f", "aa").ok();
      scene.docker("network", "rm", "iv").ok();
      Eventually.equal(before, wire::links);
    } finally {
      wire.untag(100);
    }
  }

  @Test
  @DisplayName("without a parent containers have a network of their own that leads nowhere")
  void dummyParent() {
    String id = scene.docker("network", "create", "-d", "macvlan", "lone").ok().line();
    assertThat(scene.host("ip -d -o link show dm-" + id.substring(0, 12)).ok().text())
        .contains("dummy")
        .contains("UP");
    scene.on("lone", "aa");
    scene.on("lone", "bb");
    wire.reaches("aa", scene.address("bb", "lone"));
    assertThat(wire.routes("aa")).doesNotContain("default");
    scene.engine().killEngine();
    scene.engine().startEngine();
    wire.reaches("aa", scene.address("bb", "lone"));
  }

  @Test
  @DisplayName("IPv6, a MAC address of choice and the host's address kept out by aux-address")
  void sixthVersion() {
    scene
        .docker(
            "network",
            "create",
            "-d",
            "macvlan",
            "-o",
            "parent=par0",
            "--ipv6",
            "--subnet",
            "10.90.0.0/24",
            "--gateway",
            FAR,
            "--ip-range",
            "10.90.0.0/29",
            "--aux-address",
            "host=10.90.0.1",
            "--subnet",
            "fd90::/64",
            "--gateway",
            "fd90::200",
            "mv")
        .ok();
    scene
        .docker(
            "run",
            "-d",
            "--name",
            "aa",
            "--network",
            "mv",
            "--ip6",
            "fd90::50",
            "--mac-address",
            "02:42:0a:5a:00:07",
            "busybox",
            "sleep",
            "1000")
        .ok();
    assertThat(scene.address("aa", "mv")).isNotEqualTo(HOST).startsWith("10.90.0.");
    assertThat(wire.link("aa")).contains("02:42:0a:5a:00:07");
    wire.reaches("aa", "fd90::200");
    wire.reaches("aa", FAR);
    assertThat(wire.routes("aa")).contains("default via fd90::200");
  }

  @Test
  @DisplayName("names of parents that cannot be are refused before anything is made")
  void refusals() {
    refuses("par0.5000", "vlan id must be between 1-4094, received: 5000");
    refuses("nowhere.10", "-o parent interface was not found on the host: nowhere");
    refuses("nowhere", "invalid subinterface vlan name nowhere, example formatting is eth0.10");
    refuses("lo", "loopback interface is not a valid macvlan parent link");
    assertThat(wire.links()).isEqualTo(before);
  }

  private static void refuses(String parent, String message) {
    ApiClient.Answer answer =
        scene.create("mv", "\"Driver\":\"macvlan\",\"Options\":{\"parent\":\"" + parent + "\"}");
    assertThat(answer.message()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(500);
  }
}
