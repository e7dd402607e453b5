package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published ports of SCTP, which few development machines have. */
class SctpCases {
  /**
   * Servers speak first: closing one direction ends an association of SCTP, and with it what the
   * other side has not said yet. Each names its family, as LISTEN alone takes both.
   */
  private static final String SERVERS =
      "chroot /host socat SCTP6-LISTEN:7,fork,ipv6only EXEC:'echo by IPv6' & "
          + "exec chroot /host socat SCTP4-LISTEN:7,fork EXEC:'echo by IPv4'";

  @ParameterizedTest
  @ValueSource(strings = {"iptables", "nftables"})
  @DisplayName("another machine, the host and a neighbour reach a published port; removal ends it")
  void published(String backend) {
    try (Scene scene = Scene.open("--firewall-backend", backend);
        Wire wire = Wire.lay(scene)) {
      scene
          .docker(
              "network",
              "create",
              "--ipv6",
              "--subnet",
              "10.95.0.0/24",
              "--subnet",
              "fd95::/64",
              "sn")
          .ok();
      serve(scene);
      assertThat(scene.docker("port", "aa").ok().line()).contains("7/sctp -> 0.0.0.0:9132");
      Eventually.equal("by IPv4", () -> hears(wire, "SCTP4-CONNECT:10.90.0.1:9132"));
      Eventually.equal("by IPv6", () -> hears(wire, "SCTP6-CONNECT:[fd90::1]:9132"));
      Eventually.equal("by IPv4", () -> scene.host(words("SCTP4-CONNECT:10.90.0.1:9132")).line());
      taken(scene);
      scene.engine().killEngine();
      scene.engine().startEngine();
      Eventually.equal("by IPv4", () -> hears(wire, "SCTP4-CONNECT:10.90.0.1:9132"));
      scene.docker("rm", "-f", "aa").ok();
      assertThat(hears(wire, "SCTP4-CONNECT:10.90.0.1:9132")).isEmpty();
    }
  }

  /** Neither a second container nor a program of the host gets the port. */
  private static void taken(Scene scene) {
    Command.Result second =
        scene.docker("run", "--name", "bb", "-p", "9132:7/sctp", "busybox", "true");
    assertThat(second.exitCode()).isEqualTo(125);
    assertThat(second.errors()).contains("port is already allocated");
    scene.docker("rm", "-f", "bb");
    Command.Result foreign = scene.host("timeout 5 socat - SCTP4-LISTEN:9132");
    assertThat(foreign.errors()).contains("Address already in use");
    scene.docker("run", "-d", "--name", "bb", "-p", "9132:7/tcp", "busybox", "true").ok();
    scene.docker("rm", "-f", "bb").ok();
  }

  /** Runs servers from the host's own programs. */
  private static void serve(Scene scene) {
    scene
        .docker(
            "run",
            "-d",
            "--network",
            "sn",
            "-v",
            "/:/host:ro",
            "--name",
            "aa",
            "-p",
            "9132:7/sctp",
            "busybox",
            "sh",
            "-c",
            SERVERS)
        .ok();
  }

  /** What another machine is told; nothing where nobody answers. */
  private static String hears(Wire wire, String address) {
    return wire.far(words(address)).line();
  }

  private static String words(String address) {
    return "timeout 20 socat -u " + address + " -";
  }
}
