package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.linux.Fd;
import dev.berth.linux.Namespaces;
import dev.berth.testing.FreshHost;
import dev.berth.testing.HostCommand;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@FreshHost
class MacvlanKernelTest {
  private static final String ONE = "1a".repeat(32);
  private static final String TWO = "2b".repeat(32);

  @TempDir Path directory;
  private TestStack stack;

  @BeforeEach
  void start() {
    HostCommand.run("ip", "link", "add", "mvp", "type", "veth", "peer", "name", "outside");
    HostCommand.run("ip", "link", "set", "mvp", "up");
    HostCommand.run("ip", "link", "set", "outside", "up");
    HostCommand.run("ip", "addr", "add", "10.60.0.1/24", "dev", "outside");
    stack = TestStack.onKernel(directory);
  }

  @AfterEach
  void stop() {
    stack.sandboxes().list().forEach(sandbox -> stack.sandboxes().close(sandbox.containerId()));
    stack.close();
  }

  private NetworkRecord create(String name, String driver, String subnet, String... options) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      map.put(options[i], options[i + 1]);
    }
    return stack
        .networks()
        .create(
            NetworkSpec.named(name)
                .withDriver(driver, map)
                .withIpam(IpamSpec.of(IpamSpec.Config.subnet(subnet))));
  }

  private SandboxStatus open(String id, String network) {
    return stack.sandboxes().open(SandboxSpec.of(id, id.substring(0, 3), EndpointSpec.on(network)));
  }

  @Test
  void containersAreOnTheParentsWire() {
    create("m", "macvlan", "10.60.0.0/24", "parent", "mvp");
    SandboxStatus one = open(ONE, "m");
    SandboxStatus two = open(TWO, "m");

    assertThat(inside(one, "ip", "-d", "-j", "link", "show", "eth0"))
        .contains("\"info_kind\":\"macvlan\"")
        .contains("\"mode\":\"bridge\"")
        .contains(one.endpoints().getFirst().macAddress());
    assertThat(
            inside(
                one, "busybox", "ping", "-c1", "-W2", two.endpoints().getFirst().ipv4().address()))
        .contains("1 packets received");
    assertThat(inside(one, "busybox", "ping", "-c1", "-W2", "10.60.0.1"))
        .contains("1 packets received");
    assertThat(inside(one, "ip", "-j", "route"))
        .contains("\"dst\":\"default\",\"gateway\":\"10.60.0.1\"");
  }

  @Test
  void networksShareAParentUnlessOneTakesItOver() {
    create("a", "macvlan", "10.60.0.0/24", "parent", "mvp");
    create("b", "macvlan", "10.61.0.0/24", "parent", "mvp", "macvlan_mode", "private");
    assertThatThrownBy(() ->
            create("c", "macvlan", "10.62.0.0/24", "parent", "mvp", "macvlan_mode", "passthru"))
        .isInstanceOf(EngineException.class)
        .hasMessageMatching(
            "cannot use mode passthru, macvlan network [0-9a-f]{64} is already using parent"
                + " interface mvp");
    assertThatThrownBy(() -> create("d", "macvlan", "10.63.0.0/24", "macvlan_mode", "bad"))
        .hasMessage(
            "requested macvlan mode 'bad' is not valid, 'bridge' mode is the macvlan driver"
                + " default");
  }

  @Test
  void aTaggedParentIsMadeOrRefusedWithTheKernelsOption() {
    boolean known =
        HostCommand.attempt(
                "ip", "link", "add", "link", "mvp", "name", "probe", "type", "vlan", "id", "9")
            .status()
            .isSuccess();
    if (known) {
      create("v", "macvlan", "10.60.0.0/24", "parent", "mvp.50");
      assertThat(HostCommand.run("ip", "-d", "-j", "link", "show", "mvp.50")).contains("\"id\":50");
      stack.networks().remove("v");
      stack.kernel.find("mvp.50");
      assertThat(HostCommand.attempt("ip", "link", "show", "mvp.50").status().isSuccess())
          .isFalse();
    } else {
      assertThatThrownBy(() -> create("v", "macvlan", "10.60.0.0/24", "parent", "mvp.50"))
          .hasMessage(
              "failed to create mvp.50 vlan link: operation not supported (the kernel lacks"
                  + " CONFIG_VLAN_8021Q)");
      assertThat(stack.networks().list(NetworkFilter.ALL)).hasSize(3);
    }
  }

  @Test
  void anIpvlanNetworkWorksOrIsRefusedAtStartWithTheKernelsOption() {
    create("i", "ipvlan", "10.60.0.0/24", "parent", "mvp");
    boolean known =
        HostCommand.attempt("ip", "link", "add", "link", "mvp", "name", "probe", "type", "ipvlan")
            .status()
            .isSuccess();
    if (known) {
      HostCommand.run("ip", "link", "del", "probe");
      assertThat(inside(open(ONE, "i"), "ip", "-d", "-j", "link", "show", "eth0"))
          .contains("\"info_kind\":\"ipvlan\"");
    } else {
      assertThatThrownBy(() -> open(ONE, "i"))
          .isInstanceOf(EngineException.class)
          .hasMessage(
              "failed to create the ipvlan port: operation not supported (the kernel lacks"
                  + " CONFIG_IPVLAN)");
      assertThat(directory.resolve("netns").toFile().list()).hasSizeLessThanOrEqualTo(1);
      assertThat(stack.networks().inspect("i").attachments()).isEmpty();
    }
  }

  @Test
  void anInternalNetworkHasAParentOfItsOwn() {
    boolean known =
        HostCommand.attempt("ip", "link", "add", "probe", "type", "dummy").status().isSuccess();
    Assumptions.assumeTrue(known, "the kernel lacks CONFIG_DUMMY");
    NetworkRecord network = create("in", "macvlan", "10.60.0.0/24");
    SandboxStatus one = open(ONE, "in");
    assertThat(inside(one, "ip", "-j", "route")).doesNotContain("default");
    assertThat(HostCommand.run("ip", "-j", "link", "show", "dm-" + network.id().substring(0, 12)))
        .contains("UP");
  }

  private static String inside(SandboxStatus sandbox, String... command) {
    try (Fd namespace = Namespaces.open(sandbox.namespace())) {
      return HostCommand.runIn(namespace, command);
    }
  }
}
