package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.network.ipam.Cidr;
import dev.berth.store.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworksTest {
  private static final String ONE = "1a".repeat(32);
  private static final String BRIDGE = "com.docker.network.bridge.";

  private final FakeLinkKernel kernel = new FakeLinkKernel();
  private TestStack stack;
  private Networks networks;

  @BeforeEach
  void start() {
    stack = TestStack.onFake(kernel, new MemoryStore(), Set.of());
    networks = stack.networks();
  }

  private static void assertRefused(ThrowingCallable call, ErrorKind kind, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class,
            refused -> {
              assertThat(refused.text()).isEqualTo(text);
              assertThat(refused.kind()).isEqualTo(kind);
            });
  }

  private static NetworkSpec with(String name, IpamSpec.Config... configs) {
    return NetworkSpec.named(name).withIpam(IpamSpec.of(configs));
  }

  private static NetworkSpec option(String name, String key, String value) {
    return NetworkSpec.named(name).withDriver("bridge", Map.of(key, value));
  }

  @Test
  void predefinedNamesAreNotTheUsers() {
    for (String name : List.of("bridge", "host", "none", "default")) {
      assertRefused(
          () -> networks.create(NetworkSpec.named(name)),
          ErrorKind.FORBIDDEN,
          "operation is not permitted on predefined " + name + " network ");
    }
    assertRefused(
        () -> networks.remove("host"),
        ErrorKind.FORBIDDEN,
        "host is a pre-defined network and cannot be removed");
  }

  @Test
  void namesAreHardlyRestrictedAndTakenOnce() {
    for (String name : List.of("container", " sp ace ", "a/b", "-x", "x")) {
      assertThat(networks.create(NetworkSpec.named(name)).name()).isEqualTo(name);
    }
    assertRefused(
        () -> networks.create(NetworkSpec.named("x")),
        ErrorKind.CONFLICT,
        "network with name x already exists");
    assertRefused(
        () -> networks.create(NetworkSpec.named(" ")),
        ErrorKind.INVALID,
        "invalid name: name is empty");
  }

  @Test
  void unknownThingsAreNotFound() {
    assertRefused(() -> networks.find("nosuch"), ErrorKind.NOT_FOUND, "network nosuch not found");
    assertRefused(
        () -> networks.create(NetworkSpec.named("x").withDriver("nope", Map.of())),
        ErrorKind.NOT_FOUND,
        "plugin \"nope\" not found");
    assertRefused(
        () ->
            networks.create(NetworkSpec.named("x").withIpam(new IpamSpec("nope", null, List.of()))),
        ErrorKind.NOT_FOUND,
        "plugin \"nope\" not found");
    assertRefused(
        () -> networks.create(NetworkSpec.named("x").withConfigFrom("nonexist")),
        ErrorKind.NOT_FOUND,
        "configuration network \"nonexist\" does not exist");
  }

  @Test
  void aNameWinsOverThePrefixOfAnId() {
    NetworkRecord first = networks.create(NetworkSpec.named("first"));
    String prefix = first.id().substring(0, 5);
    assertThat(networks.find(prefix).name()).isEqualTo("first");
    NetworkRecord second = networks.create(NetworkSpec.named(prefix));
    assertThat(networks.find(prefix).id()).isEqualTo(second.id());
    assertThat(networks.find(first.id()).name()).isEqualTo("first");
  }

  @Test
  void automaticSubnetsFollowEachOtherAndAreReused() {
    assertThat(subnetOf("a")).isEqualTo("172.18.0.0/16");
    assertThat(subnetOf("b")).isEqualTo("172.19.0.0/16");
    networks.remove("a");
    assertThat(subnetOf("c")).isEqualTo("172.18.0.0/16");
    kernel.hostBlocks.add(Cidr.of("172.20.5.0/24"));
    assertThat(subnetOf("d")).isEqualTo("172.21.0.0/16");
  }

  private String subnetOf(String name) {
    return networks.create(NetworkSpec.named(name)).pools().getFirst().subnet();
  }

  @Test
  void subnetsAreCheckedInDockersWords() {
    assertRefused(
        () -> networks.create(with("x", IpamSpec.Config.subnet("foo"))),
        ErrorKind.INVALID,
        "invalid network config:\ninvalid subnet foo: invalid CIDR block notation");
    assertRefused(
        () -> networks.create(with("x", IpamSpec.Config.subnet("10.79.0.0/33"))),
        ErrorKind.INVALID,
        "invalid network config:\ninvalid subnet 10.79.0.0/33: invalid CIDR block notation");
    assertRefused(
        () -> networks.create(with("x", new IpamSpec.Config("", "", "10.0.0.1", Map.of()))),
        ErrorKind.INVALID,
        "invalid network config:\ninvalid subnet : invalid CIDR block notation");
    assertRefused(
        () ->
            networks.create(
                with("x", new IpamSpec.Config("10.79.0.0/24", "10.81.0.0/25", "", Map.of()))),
        ErrorKind.INVALID,
        "invalid network config:\ninvalid ip-range 10.81.0.0/25: parent subnet 10.79.0.0/24"
            + " doesn't contain ip-range");
    assertRefused(
        () ->
            networks.create(
                with("x", new IpamSpec.Config("10.79.0.1/24", "", "10.80.0.1", Map.of()))),
        ErrorKind.INVALID,
        "invalid network config:\n* invalid subnet 10.79.0.1/24: it should be 10.79.0.0/24\n"
            + "* invalid gateway 10.80.0.1: parent subnet 10.79.0.1/24 doesn't contain this"
            + " address");
    networks.create(with("y", IpamSpec.Config.subnet("10.90.0.0/16")));
    assertRefused(
        () -> networks.create(with("x", IpamSpec.Config.subnet("10.90.7.0/24"))),
        ErrorKind.FORBIDDEN,
        "invalid pool request: Pool overlaps with other one on this address space");
    assertRefused(
        () ->
            networks.create(
                with(
                    "x",
                    IpamSpec.Config.subnet("10.1.0.0/24"),
                    IpamSpec.Config.subnet("10.2.0.0/24"))),
        ErrorKind.FORBIDDEN,
        "bridge driver doesn't support multiple subnets");
  }

  @Test
  void whatTheUserGaveIsEchoed() {
    IpamSpec.Config config =
        new IpamSpec.Config(
            "10.77.0.0/16", "10.77.5.0/24", "10.77.5.254", Map.of("h1", "10.77.5.10"));
    assertThat(networks.create(with("x", config)).shownIpam()).containsExactly(config);
    NetworkRecord six = networks.create(with("six", IpamSpec.Config.subnet("fd00:1::/64")));
    assertThat(six.ipv6()).isFalse();
    assertThat(six.shownIpam())
        .extracting(IpamSpec.Config::subnet)
        .containsExactly("fd00:1::/64", "172.18.0.0/16");
  }

  @Test
  void aNetworkWithIpv6OnlyHasNoIpv4() {
    NetworkSpec.Flags flags = new NetworkSpec.Flags(false, true, false, false, false, false);
    NetworkRecord network = networks.create(NetworkSpec.named("six").withFlags(flags));
    assertThat(network.pools())
        .singleElement()
        .satisfies(pool -> {
          assertThat(pool.subnet()).matches("fd[0-9a-f:]+::/64");
          assertThat(pool.gateway()).endsWith("::1");
        });
  }

  @Test
  void optionsAreReadStrictly() {
    assertRefused(
        () -> networks.create(option("x", BRIDGE + "enable_icc", "maybe")),
        ErrorKind.INVALID,
        "failed to parse com.docker.network.bridge.enable_icc value: maybe"
            + " (strconv.ParseBool: parsing \"maybe\": invalid syntax)");
    assertRefused(
        () -> networks.create(option("x", BRIDGE + "gateway_mode_ipv4", "bad")),
        ErrorKind.INVALID,
        "failed to parse com.docker.network.bridge.gateway_mode_ipv4 value: bad"
            + " (unknown gateway mode bad)");
    assertRefused(
        () -> networks.create(option("x", BRIDGE + "enable_ic", "true")),
        ErrorKind.INVALID,
        "unknown option \"com.docker.network.bridge.enable_ic\" for the bridge driver");
    assertThat(networks.create(option("x", "nonsense", "1")).options())
        .containsEntry("nonsense", "1");
  }

  @Test
  void aBridgeBelongsToOneNetwork() {
    NetworkRecord first = networks.create(option("x", BRIDGE + "name", "brn2"));
    assertThat(kernel.links).containsKey("brn2");
    assertThatThrownBy(() -> networks.create(option("y", BRIDGE + "name", "brn2")))
        .hasMessageMatching(
            "cannot create network [0-9a-f]{64} \\(brn2\\): conflicts with network "
                + first.id()
                + " \\(brn2\\): networks have same bridge name");
    assertThat(networks.list(NetworkFilter.ALL)).hasSize(4);
  }

  @Test
  void swarmIsNotHere() {
    assertRefused(
        () -> networks.create(NetworkSpec.named("x").withDriver("overlay", Map.of())),
        ErrorKind.FORBIDDEN,
        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
            + " connect this node to swarm and try again.");
    NetworkSpec swarm =
        new NetworkSpec(
            "x",
            "",
            "swarm",
            NetworkSpec.Flags.DEFAULT,
            null,
            IpamSpec.DEFAULT,
            Map.of(),
            Map.of());
    assertRefused(
        () -> networks.create(swarm),
        ErrorKind.FORBIDDEN,
        "cannot create a swarm scoped network when swarm is not active");
  }

  @Test
  void aConfigOnlyNetworkLendsItsSettings() {
    NetworkSpec.Flags configOnly = new NetworkSpec.Flags(null, null, false, false, false, true);
    networks.create(
        with("cfg", IpamSpec.Config.subnet("10.66.0.0/24"))
            .withDriver("bridge", Map.of("com.docker.network.driver.mtu", "1400"))
            .withFlags(configOnly));
    NetworkRecord network = networks.create(NetworkSpec.named("real").withConfigFrom("cfg"));
    assertThat(network.pools().getFirst().subnet()).isEqualTo("10.66.0.0/24");
    assertThat(network.options()).containsEntry("com.docker.network.driver.mtu", "1400");
    assertThat(network.driver()).isEqualTo("bridge");
    assertRefused(
        () -> networks.remove("cfg"),
        ErrorKind.FORBIDDEN,
        "error while removing network: configuration network \"cfg\" is in use");
    assertRefused(
        () -> stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("cfg"))),
        ErrorKind.FORBIDDEN,
        "cannot create endpoint on configuration-only network");
  }

  @Test
  void aNetworkInUseStays() {
    networks.create(NetworkSpec.named("n1"));
    SandboxStatus one = stack.sandboxes().open(SandboxSpec.of(ONE, "aa", EndpointSpec.on("n1")));
    String endpoint = one.endpoints().getFirst().id().substring(0, 12);
    assertRefused(
        () -> networks.remove("n1"),
        ErrorKind.FORBIDDEN,
        "error while removing network: network n1 has active endpoints (name:\"aa\" id:\""
            + endpoint
            + "\")");
    assertThat(networks.prune(NetworkFilter.ALL)).isEmpty();
    stack.sandboxes().close(ONE);
    assertThat(networks.prune(NetworkFilter.ALL)).containsExactly("n1");
  }

  @Test
  void filtersMeanWhatDockersMean() {
    networks.create(NetworkSpec.named("f-web").withLabels(Map.of("env", "prod", "tier", "web")));
    networks.create(NetworkSpec.named("f-web2"));
    assertThat(named(List.of("f-web"))).containsExactlyInAnyOrder("f-web", "f-web2");
    assertThat(named(List.of("^f-web$"))).containsExactly("f-web");
    assertThat(named(List.of("["))).isEmpty();
    assertThat(labelled(List.of("env=prod", "tier=web"))).containsExactly("f-web");
    assertThat(labelled(List.of("env=prod", "env=dev"))).isEmpty();
    assertThat(typed("builtin")).containsExactlyInAnyOrder("bridge", "host", "none");
    assertThat(typed("custom")).containsExactlyInAnyOrder("f-web", "f-web2");
  }

  private List<String> named(List<String> names) {
    return list(
        new NetworkFilter(
            names, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null, null));
  }

  private List<String> labelled(List<String> labels) {
    return list(
        new NetworkFilter(
            List.of(), List.of(), List.of(), List.of(), List.of(), labels, List.of(), null, null));
  }

  private List<String> typed(String type) {
    return list(
        new NetworkFilter(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(type),
            List.of(),
            List.of(),
            null,
            null));
  }

  private List<String> list(NetworkFilter filter) {
    return networks.list(filter).stream().map(NetworkRecord::name).toList();
  }
}
