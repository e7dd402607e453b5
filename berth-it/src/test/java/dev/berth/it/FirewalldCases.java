package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An engine on a host that a real firewalld guards, with either packet filter on either side. It
 * runs in virtual machines alone, since the package would begin to guard a machine that it is
 * installed on.
 */
class FirewalldCases {
  private static final String BUS =
      """
      <busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen>
      <auth>EXTERNAL</auth><policy context="default"><allow send_destination="*"/>
      <allow own="*"/><allow eavesdrop="true"/></policy></busconfig>
      """;

  @ParameterizedTest(name = "engine with {0}, firewalld with {1}")
  @CsvSource({"iptables, iptables", "iptables, nftables", "nftables, nftables"})
  @DisplayName("containers get out and ports in, over reloads and restarts of firewalld")
  void guarded(String backend, String ofFirewalld) {
    EngineUnderTest prepared = EngineUnderTest.prepare("--firewall-backend", backend);
    String folder = prepared.folder().toString();
    prepared
        .onHost("sh", "-c", "cat > " + folder + "/bus.conf")
        .input(BUS.getBytes(StandardCharsets.UTF_8))
        .run()
        .ok();
    prepared
        .onHost(
            "sh",
            "-c",
            "mkdir -p /run/dbus && dbus-daemon --fork --config-file=%1$s/bus.conf && cp -r"
                    .formatted(folder)
                + " /etc/firewalld %1$s/ && mount --bind %1$s/firewalld /etc/firewalld && sed -i"
                    .formatted(folder)
                + " 's/^FirewallBackend=.*/FirewallBackend="
                + ofFirewalld
                + "/' /etc/firewalld/firewalld.conf")
        .run()
        .ok();
    firewalld(prepared);
    try (Scene scene = Scene.with(prepared);
        Wire wire = Wire.lay(scene)) {
      scene.subnet("left", "10.95.1.0/24");
      String bridge = "br-" + scene.inspect("left").path("Id").asText().substring(0, 12);
      scene.server("web", "--network", "left", "-p", "8080:80", "-p", "127.0.0.1:8081:80");
      everythingWorks(scene, wire, bridge);
      String rules = rules(scene, backend);
      scene.host("firewall-cmd --reload").ok();
      Eventually.equal(rules, () -> rules(scene, backend));
      everythingWorks(scene, wire, bridge);
      scene.host("kill $(cat " + folder + "/firewalld.pid)").ok();
      firewalld(prepared);
      Eventually.equal(rules, () -> rules(scene, backend));
      everythingWorks(scene, wire, bridge);
      scene.clear();
      Eventually.holds("the bridge leaves the zone", () -> !zone(scene).contains(bridge));
      assertThat(zone(scene)).contains("docker0");
    }
  }

  private static void firewalld(EngineUnderTest engine) {
    engine
        .onHost(
            "sh",
            "-c",
            "firewalld --nofork --nopid > %1$s/firewalld.log 2>&1 & echo $! > %1$s/firewalld.pid"
                .formatted(engine.folder()))
        .run()
        .ok();
    Eventually.holds(
        "firewalld runs", () -> engine.onHost("firewall-cmd", "--state").run().exitCode() == 0);
  }

  private static List<String> zone(Scene scene) {
    return List.of(
        scene.host("firewall-cmd --zone=docker --list-interfaces").text().strip().split(" "));
  }

  /** The engine's own rules, without counters and times. */
  private static String rules(Scene scene, String backend) {
    return backend.equals("iptables")
        ? scene.host("iptables-save | grep DOCKER | sed 's/\\[.*\\]//'").text()
        : scene.host("nft list table ip docker-bridges | sed 's/counter.*bytes [0-9]*//'").text();
  }

  private static void everythingWorks(Scene scene, Wire wire, String bridge) {
    Eventually.holds("the bridges are in the zone", () -> zone(scene).contains(bridge));
    assertThat(zone(scene)).contains("docker0");
    wire.reaches("web", "10.90.0.200");
    Eventually.equal("page of web", () -> far(wire, "10.90.0.1:8080"));
    scene.readsOnHost("page of web", "127.0.0.1:8080");
    scene.readsOnHost("page of web", "127.0.0.1:8081");
    assertThat(far(wire, "10.90.0.1:8081")).isEmpty();
  }

  private static String far(Wire wire, String authority) {
    return wire.far("timeout 10 busybox wget -q -O - http://" + authority + "/").line();
  }
}
