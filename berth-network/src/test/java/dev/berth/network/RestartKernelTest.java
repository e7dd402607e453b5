package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.Fd;
import dev.berth.linux.Namespaces;
import dev.berth.network.link.HostLink;
import dev.berth.store.MemoryStore;
import dev.berth.testing.FreshHost;
import dev.berth.testing.HostCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine comes back after a stop or a kill, with all its namespaces and links still there. */
@FreshHost
class RestartKernelTest {
  private static final String ONE = "1a".repeat(32);
  private static final String TWO = "2b".repeat(32);
  private static final String THREE = "3c".repeat(32);

  @TempDir Path directory;

  private final MemoryStore store = new MemoryStore();

  private TestStack start(Set<String> running) {
    return TestStack.onKernel(NetworkSettings.defaults(directory), store, running);
  }

  @Test
  void whatRunsStaysAndWhatDoesNotGoes() {
    TestStack before = start(Set.of());
    NetworkRecord network = before.networks().create(NetworkSpec.named("n1"));
    SandboxStatus one = before.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")));
    SandboxStatus two = before.sandboxes().open(SandboxSpec.of(TWO, "two", EndpointSpec.on("n1")));
    before.kernel.create(
        new HostLink.Bridge("br-leftover", "02:00:00:00:00:01", 0, List.of(), false));
    String links = HostCommand.run("ip", "-br", "link");
    before.close();

    TestStack after = start(Set.of(TWO));
    after.kernel.find("br-leftover");
    assertThat(after.sandboxes().find(TWO)).contains(two);
    assertThat(after.sandboxes().find(ONE)).isEmpty();
    assertThat(after.networks().find("n1")).isEqualTo(network);
    assertThat(HostCommand.run("ip", "-br", "link"))
        .doesNotContain("br-leftover")
        .contains(two.endpoints().getFirst().hostInterface())
        .contains(network.driverState().get("made"));
    assertThat(links).contains("br-leftover");
    try (Fd namespace = Namespaces.open(two.namespace())) {
      assertThat(HostCommand.runIn(namespace, "busybox", "ping", "-c1", "-W2", "172.18.0.1"))
          .contains("1 packets received");
    }
    SandboxStatus three =
        after.sandboxes().open(SandboxSpec.of(THREE, "three", EndpointSpec.on("n1")));
    assertThat(three.endpoints().getFirst().ipv4().address())
        .isEqualTo(one.endpoints().getFirst().ipv4().address());
    after.sandboxes().connect(TWO, EndpointSpec.on("bridge"));
    after.sandboxes().close(TWO);
    after.sandboxes().close(THREE);
    after.networks().remove("n1");
    after.close();
    assertThat(directory.resolve("netns").toFile().list()).isEmpty();
  }

  @Test
  void aMissingBridgeIsMadeAgain() {
    TestStack before = start(Set.of());
    NetworkRecord network = before.networks().create(NetworkSpec.named("n1"));
    before.close();
    String link = network.driverState().get("made");
    HostCommand.run("ip", "link", "del", link);

    TestStack after = start(Set.of());
    assertThat(HostCommand.run("ip", "-j", "addr", "show", link))
        .contains("\"local\":\"172.18.0.1\"");
    after.close();
  }

  @Test
  void whatLostItsBridgeWhileNoEngineRanIsPutBackOnIt() {
    TestStack before = start(Set.of());
    NetworkRecord network = before.networks().create(NetworkSpec.named("n1"));
    SandboxStatus one = before.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")));
    before.close();
    HostCommand.run("ip", "link", "del", network.driverState().get("made"));

    TestStack after = start(Set.of(ONE));
    try (Fd namespace = Namespaces.open(one.namespace())) {
      assertThat(HostCommand.runIn(namespace, "busybox", "ping", "-c1", "-W2", "172.18.0.1"))
          .contains("1 packets received");
    }
    after.sandboxes().close(ONE);
    after.close();
  }

  @Test
  void theDefaultBridgeFollowsTheSettings() {
    start(Set.of()).close();
    NetworkSettings.DefaultBridge bridge =
        new NetworkSettings.DefaultBridge(
            true,
            "",
            "10.50.0.1/24",
            "",
            "10.50.0.128/25",
            "",
            "",
            "",
            false,
            1400,
            true,
            true,
            null);
    NetworkSettings defaults = NetworkSettings.defaults(directory);
    NetworkSettings settings =
        new NetworkSettings(
            directory,
            bridge,
            List.of(),
            defaults.defaultOptions(),
            defaults.dns(),
            true,
            List.of());
    TestStack after = TestStack.onKernel(settings, store, Set.of());
    assertThat(HostCommand.run("ip", "-j", "addr", "show", "docker0"))
        .contains("\"local\":\"10.50.0.1\"")
        .contains("\"mtu\":1400")
        .doesNotContain("172.17.0.1");
    SandboxStatus one =
        after.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("bridge")));
    assertThat(one.endpoints().getFirst().ipv4().address()).isEqualTo("10.50.0.128");
    after.sandboxes().close(ONE);
    after.close();
  }
}
