package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.network.dns.DnsSandbox;
import dev.berth.network.dns.Upstream;
import dev.berth.store.MemoryStore;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxesTest {
  private static final String ONE = "1a".repeat(32);
  private static final String TWO = "2b".repeat(32);
  private static final String THREE = "3c".repeat(32);

  private final FakeLinkKernel kernel = new FakeLinkKernel();
  private final MemoryStore store = new MemoryStore();
  private TestStack stack;
  private Sandboxes sandboxes;

  @BeforeEach
  void start() {
    stack = TestStack.onFake(kernel, store, Set.of());
    sandboxes = stack.sandboxes();
    stack.networks().create(NetworkSpec.named("n1"));
    stack
        .networks()
        .create(
            NetworkSpec.named("fixed")
                .withIpam(IpamSpec.of(IpamSpec.Config.subnet("10.73.0.0/24"))));
  }

  private static EndpointSpec at(String network, String address) {
    return EndpointSpec.on(network)
        .withAddresses(new EndpointSpec.StaticAddresses(address, "", List.of()));
  }

  private String open(String id, String name, EndpointSpec... endpoints) {
    return sandboxes
        .open(SandboxSpec.of(id, name, endpoints))
        .endpoints()
        .getFirst()
        .ipv4()
        .address();
  }

  @Test
  void theNextContainerTakesTheAddressOfAStoppedOne() {
    assertThat(open(ONE, "one", EndpointSpec.on("n1"))).isEqualTo("172.18.0.2");
    assertThat(open(TWO, "two", EndpointSpec.on("n1"))).isEqualTo("172.18.0.3");
    sandboxes.close(ONE);
    assertThat(open(THREE, "three", EndpointSpec.on("n1"))).isEqualTo("172.18.0.2");
    assertThat(open(ONE, "one", EndpointSpec.on("n1"))).isEqualTo("172.18.0.4");
  }

  @Test
  void aStaticAddressOfAStoppedContainerIsKeptForIt() {
    sandboxes.reserve(ONE, List.of(at("fixed", "10.73.0.2")));
    assertThat(open(TWO, "two", EndpointSpec.on("fixed"))).isEqualTo("10.73.0.3");
    assertThat(open(ONE, "one", at("fixed", "10.73.0.2"))).isEqualTo("10.73.0.2");
    sandboxes.close(ONE);
    assertThat(open(THREE, "three", EndpointSpec.on("fixed"))).isEqualTo("10.73.0.4");
    sandboxes.close(THREE);
    sandboxes.reserve(ONE, List.of());
    assertThat(open(THREE, "three", EndpointSpec.on("fixed"))).isEqualTo("10.73.0.2");
  }

  @Test
  void anAddressIsInUseOnce() {
    open(ONE, "one", at("fixed", "10.73.0.9"));
    for (String taken : List.of("10.73.0.9", "10.73.0.0", "10.73.0.255", "10.73.0.1")) {
      assertThatThrownBy(() -> open(TWO, "two", at("fixed", taken)))
          .isInstanceOf(EngineException.class)
          .hasMessage("Address already in use");
    }
    assertThat(sandboxes.find(TWO)).isEmpty();
  }

  @Test
  void anExhaustedNetworkSaysSo() {
    NetworkRecord small =
        stack
            .networks()
            .create(
                NetworkSpec.named("small")
                    .withIpam(IpamSpec.of(IpamSpec.Config.subnet("10.99.0.0/30"))));
    open(ONE, "one", EndpointSpec.on("small"));
    assertThatThrownBy(() -> open(TWO, "two", EndpointSpec.on("small")))
        .hasMessage(
            "no available IPv4 addresses on this network's address pools: small ("
                + small.id()
                + ")");
  }

  @Test
  void wishesAreCheckedInDockersWords() {
    assertThatThrownBy(() -> sandboxes.validate(at("bridge", "172.17.0.9")))
        .hasMessage(
            "invalid endpoint settings:\nuser specified IP address is supported on user defined"
                + " networks only");
    assertThatThrownBy(() -> sandboxes.validate(at("fixed", "10.99.0.5")))
        .hasMessage(
            "invalid endpoint settings:\nno configured subnet or ip-range contain the IP address"
                + " 10.99.0.5");
    assertThatThrownBy(() -> sandboxes.validate(at("fixed", "foo")))
        .hasMessage(
            "invalid endpoint settings:\n* invalid IPv4 address: foo\n"
                + "* no configured subnet or ip-range contain the IP address foo");
    EndpointSpec six =
        EndpointSpec.on("n1")
            .withAddresses(new EndpointSpec.StaticAddresses("", "fd00::1", List.of()));
    assertThatThrownBy(() -> sandboxes.validate(six))
        .hasMessage(
            "invalid endpoint settings:\nuser specified IP address is supported only when"
                + " connecting to networks with user configured subnets");
  }

  @Test
  void connectingTwiceIsRefused() {
    open(ONE, "aa", EndpointSpec.on("n1"));
    assertThatThrownBy(() -> sandboxes.connect(ONE, EndpointSpec.on("n1")))
        .hasMessage("endpoint with name aa already exists in network n1");
  }

  @Test
  void namesFollowTheContainer() {
    sandboxes.open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1").withAliases("db", "store")));
    assertThat(sandboxes.find(ONE).orElseThrow().endpoints().getFirst().dnsNames())
        .containsExactly("one", "db", "store", ONE.substring(0, 12));
    sandboxes.rename(ONE, "uno");
    assertThat(stack.dns.names()).contains("uno", "db").doesNotContain("one");
    assertThat(stack.networks().inspect("n1").attachments().get(ONE).containerName())
        .isEqualTo("uno");
    sandboxes.close(ONE);
    assertThat(stack.dns.names()).isEmpty();
  }

  @Test
  void theDefaultBridgeHasNoNames() {
    SandboxStatus one = sandboxes.open(SandboxSpec.of(ONE, "one", EndpointSpec.on("bridge")));
    assertThat(one.endpoints().getFirst().dnsNames()).isEmpty();
    assertThat(stack.dns.sandboxes).isEmpty();
    SandboxSpec linked =
        SandboxSpec.of(TWO, "two", EndpointSpec.on("bridge"))
            .withHosts(
                new SandboxSpec.Hosts(
                    List.of("db:10.0.0.9", "up:host-gateway"),
                    List.of(new SandboxSpec.LegacyLink(ONE, "one", "redis"))));
    assertThat(sandboxes.open(linked).files().hosts())
        .isEqualTo(
            """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            ff00::\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            10.0.0.9\tdb
            172.17.0.1\tup
            172.17.0.2\tredis 1a1a1a1a1a1a one
            172.17.0.3\t2b2b2b2b2b2b
            """);
  }

  @Test
  void theNameServerLearnsWhomItMayAsk() {
    NetworkSpec.Flags inside = new NetworkSpec.Flags(null, null, true, false, false, false);
    stack.networks().create(NetworkSpec.named("inside").withFlags(inside));
    sandboxes.open(SandboxSpec.of(ONE, "one", EndpointSpec.on("inside")));
    assertThat(forwarding().internalOnly()).isTrue();
    assertThat(forwarding().upstreams()).isNull();
    sandboxes.connect(ONE, EndpointSpec.on("n1"));
    assertThat(forwarding().internalOnly()).isFalse();
    sandboxes.close(ONE);
    NetworkSettings.DnsSettings told =
        new NetworkSettings.DnsSettings(List.of("10.9.8.7"), List.of(), List.of("ndots:2"));
    sandboxes.open(SandboxSpec.of(ONE, "one", EndpointSpec.on("inside")).withDns(told));
    assertThat(forwarding().internalOnly()).isTrue();
    assertThat(forwarding().ndotsGiven()).isTrue();
    assertThat(forwarding().upstreams())
        .containsExactly(new Upstream(InetAddress.ofLiteral("10.9.8.7"), false));
  }

  private DnsSandbox.Forwarding forwarding() {
    return stack.dns.sandboxes.values().iterator().next().forwarding();
  }

  @Test
  void theHostsFileHasTheWholeNameAndNoIpv6WhereThereIsNone() {
    SandboxSpec named =
        new SandboxSpec(
            ONE,
            "one",
            "web.example",
            "org",
            NetworkMode.NETWORKS,
            List.of(EndpointSpec.on("bridge")),
            NetworkSettings.DnsSettings.NONE,
            new SandboxSpec.Hosts(List.of("six:2001:db8::9", "four:10.0.0.9"), List.of()),
            Map.of("net.ipv6.conf.all.disable_ipv6", "1"),
            SandboxSpec.Ports.NONE);
    assertThat(sandboxes.open(named).files().hosts())
        .isEqualTo(
            """
            127.0.0.1\tlocalhost
            10.0.0.9\tfour
            172.17.0.2\tweb.example.org web
            """);
  }

  @Test
  void aLinkOpensExposedPortsOfASilentBridge() {
    NetworkSettings.DefaultBridge silent =
        new NetworkSettings.DefaultBridge(
            true, "", "", "", "", "", "", "", false, 0, false, true, null);
    NetworkSettings usual = NetworkSettings.defaults(Path.of("/exec"));
    NetworkSettings settings =
        new NetworkSettings(
            usual.execRoot(), silent, List.of(), Map.of(), usual.dns(), true, List.of());
    TestStack own = TestStack.onFake(settings, new FakeLinkKernel(), new MemoryStore(), Set.of());
    SandboxSpec.Ports exposed =
        new SandboxSpec.Ports(List.of(new SandboxSpec.Port(6379, "tcp")), List.of());
    own.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("bridge")).withPorts(exposed));
    own.sandboxes()
        .open(
            SandboxSpec.of(TWO, "two", EndpointSpec.on("bridge"))
                .withHosts(
                    new SandboxSpec.Hosts(
                        List.of(), List.of(new SandboxSpec.LegacyLink(ONE, "one", "redis")))));
    assertThat(own.firewall.state().links())
        .singleElement()
        .satisfies(link -> {
          assertThat(link.source()).hasToString("/172.17.0.3");
          assertThat(link.target()).hasToString("/172.17.0.2");
          assertThat(link.targetPort()).isEqualTo(6379);
        });
    own.sandboxes().close(ONE);
    assertThat(own.firewall.state().links()).isEmpty();
  }

  @Test
  void forwardingIsTurnedOnAfterTheRules() {
    FakeLinkKernel off = new FakeLinkKernel();
    off.sysctls.put("net/ipv4/ip_forward", "0");
    off.sysctls.put("net/ipv6/conf/all/forwarding", "0");
    TestStack own = TestStack.onFake(off, new MemoryStore(), Set.of());
    assertThat(off.sysctls).containsEntry("net/ipv4/ip_forward", "1");
    assertThat(off.sysctls).containsEntry("net/ipv6/conf/all/forwarding", "0");
    NetworkSpec.Flags six = new NetworkSpec.Flags(null, true, false, false, false, false);
    own.networks().create(NetworkSpec.named("six").withFlags(six));
    assertThat(off.sysctls).containsEntry("net/ipv6/conf/all/forwarding", "1");
  }

  @Test
  void portsFollowTheWayOut() {
    SandboxSpec.Port port = new SandboxSpec.Port(80, "tcp");
    SandboxSpec.Ports web =
        new SandboxSpec.Ports(
            List.of(port), List.of(new SandboxSpec.PublishedPort(port, "", 0, 0)));
    SandboxStatus opened =
        sandboxes.open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")).withPorts(web));
    assertThat(opened.ports())
        .extracting(SandboxStatus.PortMapping::hostPort)
        .containsExactly(32768);
    SandboxStatus moved = sandboxes.connect(ONE, EndpointSpec.on("fixed").withGatewayPriority(1));
    assertThat(moved.ports()).isEqualTo(opened.ports());
    assertThat(((FakePorts) stack.ports).published.get(ONE).getFirst().target().address())
        .hasToString("/10.73.0.2");
  }

  @Test
  void aRestartChangesNothingForThoseThatRun() {
    sandboxes.open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1").withAliases("db")));
    sandboxes.open(SandboxSpec.of(TWO, "two", EndpointSpec.on("n1")));
    SandboxStatus before = sandboxes.find(TWO).orElseThrow();
    TestStack again = TestStack.onFake(kernel, store, Set.of(TWO));

    assertThat(again.sandboxes().find(TWO)).contains(before);
    assertThat(again.sandboxes().find(ONE)).isEmpty();
    assertThat(again.dns.names()).contains("two").doesNotContain("one", "db");
    assertThat(again.networks().inspect("n1").attachments()).containsOnlyKeys(TWO);
    assertThat(kernel.namespaces).hasSize(1);
    SandboxSpec next = SandboxSpec.of(THREE, "three", EndpointSpec.on("n1"));
    assertThat(again.sandboxes().open(next).endpoints().getFirst().ipv4().address())
        .isEqualTo("172.18.0.2");
    assertThat(again.firewall.state().networks()).hasSize(3);
  }

  @Test
  void hostAndNoneAreNetworksWithoutInterfaces() {
    SandboxStatus host =
        sandboxes.open(
            SandboxSpec.of(ONE, "one", EndpointSpec.on("host")).withMode(NetworkMode.HOST));
    assertThat(host.namespace()).isNull();
    assertThat(host.key()).isEqualTo("/exec/netns/default");
    SandboxStatus none =
        sandboxes.open(
            SandboxSpec.of(TWO, "two", EndpointSpec.on("none")).withMode(NetworkMode.NONE));
    assertThat(none.namespace()).isNotNull();
    assertThat(kernel.namespaces.values())
        .singleElement()
        .satisfies(namespace -> assertThat(namespace.interfaces()).isEmpty());
    SandboxStatus shared =
        sandboxes.open(SandboxSpec.of(THREE, "three").withMode(NetworkMode.container(TWO)));
    assertThat(shared.namespace()).isEqualTo(none.namespace());
    assertThat(shared.id()).isEmpty();
    sandboxes.close(ONE);
    sandboxes.close(TWO);
    assertThat(kernel.namespaces).isEmpty();
  }

  @Test
  void theHighestPriorityLeadsOut() {
    stack.networks().create(NetworkSpec.named("a-first"));
    SandboxStatus one =
        sandboxes.open(
            SandboxSpec.of(
                ONE,
                "one",
                EndpointSpec.on("n1"),
                EndpointSpec.on("fixed").withGatewayPriority(-5),
                EndpointSpec.on("a-first")));
    assertThat(kernel.namespaces.get(one.namespace()).routes)
        .singleElement()
        .satisfies(route -> assertThat(route.interfaceName()).isEqualTo("eth2"));
    assertThat(one.endpoints().getFirst().spec().driverOptions()).isEqualTo(Map.of());
  }
}
