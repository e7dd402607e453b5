package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.Fd;
import dev.berth.linux.Namespaces;
import dev.berth.network.ipam.IpText;
import dev.berth.network.link.InterfaceAddress;
import dev.berth.network.link.InterfacePlan;
import dev.berth.network.link.LinkSource;
import dev.berth.network.link.RoutePlan;
import dev.berth.network.link.SandboxNamespace;
import dev.berth.network.link.SandboxSysctls;
import dev.berth.testing.FreshHost;
import dev.berth.testing.HostCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@FreshHost
class BridgeNetworkKernelTest {
  private static final String ONE = "1a".repeat(32);
  private static final String TWO = "2b".repeat(32);

  @TempDir Path directory;
  private TestStack stack;

  @BeforeEach
  void start() {
    stack = TestStack.onKernel(directory);
  }

  @AfterEach
  void stop() {
    stack.sandboxes().list().forEach(sandbox -> stack.sandboxes().close(sandbox.containerId()));
    stack.close();
  }

  @Test
  void theDefaultBridgeIsThere() {
    assertThat(HostCommand.run("ip", "-j", "addr", "show", "docker0"))
        .contains("\"local\":\"172.17.0.1\"")
        .contains("\"prefixlen\":16")
        .contains("\"UP\"")
        .doesNotContain("inet6");
    assertThat(stack.networks().list(NetworkFilter.ALL))
        .extracting(NetworkRecord::name)
        .containsExactlyInAnyOrder("bridge", "host", "none");
  }

  @Test
  void aNetworkIsABridgeUntilItIsRemoved() {
    NetworkRecord network = stack.networks().create(NetworkSpec.named("n1"));
    String link = "br-" + network.id().substring(0, 12);

    assertThat(HostCommand.run("ip", "-j", "addr", "show", link))
        .contains("\"local\":\"172.18.0.1\"")
        .contains("\"UP\"");
    assertThat(stack.firewall.state().networks()).containsKey(network.id());

    stack.networks().remove("n1");
    NetworkRecord again = stack.networks().create(NetworkSpec.named("n1"));
    assertThat(again.pools().getFirst().subnet()).isEqualTo("172.18.0.0/16");
    stack.networks().remove("n1");
    stack.kernel.find(link);
    assertThat(HostCommand.attempt("ip", "link", "show", link).status().isSuccess()).isFalse();
    assertThat(stack.firewall.state().networks()).doesNotContainKey(network.id());
    assertThat(stack.events.words())
        .containsExactly("network create", "network destroy", "network create", "network destroy");
  }

  @Test
  void containersOfANetworkReachEachOtherAndTheBridge() {
    stack.networks().create(NetworkSpec.named("n1"));
    SandboxStatus one = stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")));
    SandboxStatus two = stack.sandboxes().open(SandboxSpec.of(TWO, "two", EndpointSpec.on("n1")));

    assertThat(one.endpoints().getFirst().ipv4().cidr()).isEqualTo("172.18.0.2/16");
    assertThat(two.endpoints().getFirst().ipv4().cidr()).isEqualTo("172.18.0.3/16");
    assertThat(inside(one, "ip", "-j", "addr", "show", "eth0"))
        .contains("\"local\":\"172.18.0.2\"")
        .contains(one.endpoints().getFirst().macAddress())
        .doesNotContain("inet6");
    assertThat(inside(one, "ip", "-j", "route"))
        .contains("\"dst\":\"default\",\"gateway\":\"172.18.0.1\",\"dev\":\"eth0\"");
    assertThat(inside(one, "busybox", "ping", "-c1", "-W2", "172.18.0.3"))
        .contains("1 packets received");
    assertThat(inside(two, "busybox", "ping", "-c1", "-W2", "172.18.0.1"))
        .contains("1 packets received");
    assertThat(stack.dns.names()).contains("one", "two", ONE.substring(0, 12));
  }

  @Test
  void bridgesTakeNoRoutesAndHaveIpv6OnlyWhereItWasAskedFor() {
    String four = stack.networks().create(NetworkSpec.named("n4")).driverState().get("made");
    String variable = "net.ipv6.conf." + four + ".";
    assertThat(HostCommand.run("sysctl", "-n", variable + "accept_ra").strip()).isEqualTo("0");
    assertThat(HostCommand.run("sysctl", "-n", variable + "disable_ipv6").strip()).isEqualTo("1");
    SandboxStatus one = stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n4")));
    assertThat(inside(one, "sysctl", "-n", "net.ipv6.conf.eth0.accept_ra").strip()).isEqualTo("0");
    assertThat(inside(one, "sysctl", "-n", "net.ipv6.conf.eth0.disable_ipv6").strip())
        .isEqualTo("1");
  }

  @Test
  void aBridgeThatOthersDeleteIsMadeAgainWithItsContainers() throws Exception {
    String bridge = stack.networks().create(NetworkSpec.named("n1")).driverState().get("made");
    SandboxStatus one = stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")));
    SandboxStatus two = stack.sandboxes().open(SandboxSpec.of(TWO, "two", EndpointSpec.on("n1")));
    String before = macAddress(bridge);
    HostCommand.run("ip", "link", "del", bridge);
    String ping = "busybox ping -c1 -W1 172.18.0.3 && busybox ping -c1 -W1 172.18.0.1";
    for (int i = 0; i < 50 && !reaches(one, ping); i++) {
      Thread.sleep(100);
    }
    assertThat(reaches(one, ping)).isTrue();
    assertThat(macAddress(bridge)).isEqualTo(before);
    for (SandboxStatus sandbox : List.of(one, two)) {
      assertThat(HostCommand.run("bridge", "link"))
          .contains(sandbox.endpoints().getFirst().hostInterface());
    }
  }

  private static String macAddress(String link) {
    return HostCommand.run("ip", "-br", "link", "show", link).split("\\s+")[2];
  }

  private static boolean reaches(SandboxStatus from, String command) {
    try (Fd namespace = Namespaces.open(from.namespace())) {
      return HostCommand.attemptIn(namespace, "sh", "-c", command).status().isSuccess();
    }
  }

  @Test
  void aRemovedBridgeStaysAway() throws Exception {
    String bridge = stack.networks().create(NetworkSpec.named("n1")).driverState().get("made");
    stack.networks().remove("n1");
    stack.kernel.find(bridge);
    Thread.sleep(300);
    assertThat(HostCommand.run("ip", "-br", "link")).doesNotContain(bridge);
  }

  @Test
  void aContainerMayReachItselfThroughItsBridge() {
    HostCommand.run("sysctl", "-w", "net.bridge.bridge-nf-call-iptables=1");
    stack.networks().create(NetworkSpec.named("n1"));
    stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")));
    assertThat(HostCommand.run("bridge", "-d", "link")).contains("hairpin on");
  }

  @Test
  void aClosedSandboxLeavesNothing() {
    NetworkRecord network = stack.networks().create(NetworkSpec.named("n1"));
    SandboxStatus one = stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")));
    stack.sandboxes().close(ONE);
    stack.sandboxes().close(ONE);

    assertThat(stack.sandboxes().list()).isEmpty();
    assertThat(stack.dns.names()).isEmpty();
    assertThat(stack.networks().inspect("n1").attachments()).isEmpty();
    SandboxStatus two = stack.sandboxes().open(SandboxSpec.of(TWO, "two", EndpointSpec.on("n1")));
    assertThat(two.endpoints().getFirst().ipv4().cidr())
        .isEqualTo(one.endpoints().getFirst().ipv4().cidr());
    stack.sandboxes().close(TWO);
    stack.networks().remove(network.id());
    stack.kernel.close();
    assertThat(directory.resolve("netns").toFile().list()).isEmpty();
  }

  @Test
  void aRunningContainerIsConnectedAndDisconnected() {
    stack.networks().create(NetworkSpec.named("n1"));
    stack.networks().create(NetworkSpec.named("n2"));
    SandboxStatus opened =
        stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")));

    SandboxStatus connected =
        stack.sandboxes().connect(ONE, EndpointSpec.on("n2").withGatewayPriority(5));
    assertThat(connected.endpoints())
        .extracting(EndpointStatus::interfaceName)
        .containsExactly("eth0", "eth1");
    assertThat(inside(opened, "ip", "-j", "route"))
        .contains("\"dst\":\"default\",\"gateway\":\"172.19.0.1\",\"dev\":\"eth1\"");

    SandboxStatus left = stack.sandboxes().disconnect(ONE, "n2");
    assertThat(left.endpoints()).extracting(EndpointStatus::networkName).containsExactly("n1");
    assertThat(inside(opened, "ip", "-j", "link")).doesNotContain("eth1");
    assertThat(inside(opened, "ip", "-j", "route"))
        .contains("\"dst\":\"default\",\"gateway\":\"172.18.0.1\",\"dev\":\"eth0\"");
    stack.networks().remove("n2");
  }

  @Test
  void aNetworkWithIpv6GivesBothAddressesAtOnce() {
    NetworkSpec.Flags flags = new NetworkSpec.Flags(null, true, false, false, false, false);
    stack
        .networks()
        .create(
            NetworkSpec.named("n6")
                .withFlags(flags)
                .withIpam(IpamSpec.of(IpamSpec.Config.subnet("fd00:91::/64"))));
    EndpointSpec wish =
        EndpointSpec.on("n6")
            .withAddresses(
                new EndpointSpec.StaticAddresses("", "fd00:91::99", List.of("169.254.9.9")));
    SandboxStatus one = stack.sandboxes().open(SandboxSpec.of(ONE, "one", wish));

    assertThat(inside(one, "ip", "-j", "addr", "show", "eth0"))
        .contains("\"local\":\"fd00:91::99\"")
        .contains("\"local\":\"169.254.9.9\",\"prefixlen\":16")
        .doesNotContain("\"tentative\":true,\"local\":\"fd00");
    assertThat(inside(one, "ip", "-6", "-j", "route")).contains("\"gateway\":\"fd00:91::1\"");
    assertThat(inside(one, "busybox", "ping", "-c1", "-W2", "fd00:91::1"))
        .contains("1 packets received");
  }

  @Test
  void endpointOptionsReachTheInterface() {
    stack
        .networks()
        .create(
            NetworkSpec.named("m")
                .withDriver("bridge", Map.of("com.docker.network.driver.mtu", "1234")));
    EndpointSpec wish =
        EndpointSpec.on("m")
            .withMacAddress("02:42:ac:11:00:99")
            .withDriverOptions(
                Map.of(
                    "com.docker.network.endpoint.ifname", "foo7",
                    "com.docker.network.endpoint.sysctls",
                        "net.ipv4.conf.IFNAME.log_martians=1,net.ipv4.conf.IFNAME.forwarding=0"));
    SandboxStatus one = stack.sandboxes().open(SandboxSpec.of(ONE, "one", wish));

    assertThat(inside(one, "ip", "-j", "link", "show", "foo7"))
        .contains("\"mtu\":1234")
        .contains("02:42:ac:11:00:99");
    assertThat(inside(one, "cat", "/proc/sys/net/ipv4/conf/foo7/log_martians")).contains("1");
  }

  @Test
  void aDefaultRouteNeedsNoNextHopAndIsReplaced() {
    Path key = directory.resolve("netns/routes");
    InterfacePlan plan =
        new InterfacePlan(
            new LinkSource.Veth("docker0", "vethroutes"),
            "eth0",
            "",
            0,
            List.of(InterfaceAddress.of("172.17.0.9/16")),
            false,
            Map.of());
    SandboxNamespace namespace = stack.kernel.createNamespace(key, SandboxSysctls.defaults(false));
    List<String> macs = namespace.add(List.of(plan), List.of(RoutePlan.onLink(false, "eth0")));
    try (Fd inside = Namespaces.open(key)) {
      assertThat(HostCommand.runIn(inside, "ip", "-j", "link", "show", "eth0"))
          .contains(macs.getFirst());
      assertThat(HostCommand.runIn(inside, "ip", "-j", "route"))
          .contains("\"dst\":\"default\",\"dev\":\"eth0\"");
      RoutePlan next = RoutePlan.byDefault(IpText.parse("172.17.0.1").orElseThrow(), "eth0");
      namespace.replaceDefaultRoutes(List.of(next));
      assertThat(HostCommand.runIn(inside, "ip", "-j", "route", "show", "default"))
          .contains("\"gateway\":\"172.17.0.1\"")
          .doesNotContain("},{");
    }
    namespace.close();
    stack.kernel.removeNamespace(key);
  }

  @Test
  void anInternalNetworkHasNoWayOut() {
    NetworkSpec.Flags flags = new NetworkSpec.Flags(null, null, true, false, false, false);
    stack.networks().create(NetworkSpec.named("in").withFlags(flags));
    SandboxStatus one = stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("in")));

    assertThat(inside(one, "ip", "-j", "route")).doesNotContain("default");
    assertThat(inside(one, "busybox", "ping", "-c1", "-W2", "172.18.0.1"))
        .contains("1 packets received");
  }

  private static String inside(SandboxStatus sandbox, String... command) {
    try (Fd namespace = Namespaces.open(sandbox.namespace())) {
      return HostCommand.runIn(namespace, command);
    }
  }
}
