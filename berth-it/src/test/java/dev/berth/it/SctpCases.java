package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published ports of SCTP, which few development machines have. */
class SctpCases {
  private static final String ECHO = "SCTP-LISTEN:7,fork EXEC:cat";
  private static final String ECHO6 = "SCTP6-LISTEN:7,fork,ipv6only EXEC:cat";

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
      echo(scene);
      assertThat(scene.docker("port", "aa").ok().line()).contains("7/sctp -> 0.0.0.0:9132");
      Eventually.equal("one", () -> say(wire, "one", "SCTP4-CONNECT:10.90.0.1:9132"));
      Eventually.equal("two", () -> say(wire, "two", "SCTP6-CONNECT:[fd90::1]:9132"));
      assertThat(scene.host(words("three", "SCTP4-CONNECT:10.90.0.1:9132")).line())
          .isEqualTo("three");
      taken(scene);
      scene.engine().killEngine();
      scene.engine().startEngine();
      Eventually.equal("four", () -> say(wire, "four", "SCTP4-CONNECT:10.90.0.1:9132"));
      scene.docker("rm", "-f", "aa").ok();
      assertThat(say(wire, "five", "SCTP4-CONNECT:10.90.0.1:9132")).isEmpty();
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

  /** Runs an echo server from the host's own programs. */
  private static void echo(Scene scene) {
    String servers = "chroot /host socat " + ECHO6 + " & exec chroot /host socat " + ECHO;
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
            servers)
        .ok();
  }

  /** What comes back from the echo server; nothing where nobody answers. */
  private static String say(Wire wire, String word, String address) {
    return wire.far(words(word, address)).line();
  }

  private static String words(String word, String address) {
    return "echo " + word + " | timeout 20 socat -T 10 - " + address;
  }
}
