package dev.berth.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirewalldZoneTest {
  @TempDir private Path folder;
  private FakeFirewalld firewalld;
  private FirewalldZone zone;

  @BeforeEach
  void start() throws IOException {
    firewalld = FakeFirewalld.listen(folder.resolve("bus"));
    zone = new FirewalldZone(HostNamespace.own(), folder.resolve("bus"));
  }

  @AfterEach
  void stop() {
    zone.close();
    firewalld.close();
  }

  private static List<FirewallNetwork> networks(String... bridges) {
    NetworkFamily side = NetworkFamily.nat("10.9.0.0/24");
    return Stream.of(bridges)
        .map(bridge ->
            new FirewallNetwork("id " + bridge, bridge, false, true, side, null, List.of()))
        .toList();
  }

  @Test
  void bridgesComeAndGo() {
    zone.want(networks("docker0"));
    Waiting.until(() -> firewalld.zones.containsKey("docker0"));
    zone.want(networks("docker0", "br-1"));
    zone.settle();
    assertThat(firewalld.zones).containsEntry("docker0", "docker").containsEntry("br-1", "docker");
    zone.want(networks("docker0"));
    zone.settle();
    assertThat(firewalld.changes)
        .containsExactly("add [docker, docker0]", "add [docker, br-1]", "remove [docker, br-1]");
  }

  @Test
  void whatTheAdministratorHasPlacedElsewhereStaysThere() {
    firewalld.zones.put("br-1", "trusted");
    zone.want(networks("br-1", "br-2"));
    Waiting.until(() -> firewalld.zones.containsKey("br-2"));
    assertThat(firewalld.zones).containsEntry("br-1", "trusted");
    assertThat(firewalld.changes).containsExactly("add [docker, br-2]");
  }

  @Test
  void oneThatHasForgottenIsToldAgain() {
    zone.want(networks("br-1"));
    Waiting.until(() -> firewalld.zones.containsKey("br-1"));
    firewalld.zones.clear();
    zone.look();
    Waiting.until(() -> firewalld.zones.containsKey("br-1"));
  }

  @Test
  void withoutFirewalldNobodyWaits() {
    firewalld.leave();
    zone.want(networks("br-1"));
    zone.settle();
    firewalld.close();
    zone.want(networks("br-2"));
    zone.settle();
    assertThat(firewalld.changes).isEmpty();
  }

  @Test
  void aCallHasTheBytesOfTheSpecification() {
    String hello =
        HexFormat.of()
            .formatHex(SystemBus.message(SystemBus.Target.BUS, "Hello", new String[] {}, 1));
    assertThat(hello)
        .startsWith("6c01000100000000010000006e000000" + "01016f00" + "15000000" + "2f6f7267")
        .endsWith("03017300" + "05000000" + "48656c6c6f00" + "0000");
    assertThat(hello).hasSize(2 * 128);
  }
}
