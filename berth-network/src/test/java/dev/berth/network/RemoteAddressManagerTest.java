package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.EngineException;
import dev.berth.testing.FaultPlan;
import dev.berth.testing.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bridges whose addresses a plugin manages. */
class RemoteAddressManagerTest {
  private static final String ONE = "1a".repeat(32);
  private static final NetworkSpec SPEC =
      NetworkSpec.named("n").withIpam(new IpamSpec("np", Map.of("o1", "v1"), List.of()));

  private static final NetworkSpec WITH_SUBNET =
      NetworkSpec.named("n")
          .withIpam(new IpamSpec("np", null, List.of(IpamSpec.Config.subnet("10.9.0.0/24"))));

  @TempDir private Path folder;
  private final FakeLinkKernel kernel = new FakeLinkKernel();
  private PluginStage stage;
  private Holdings holdings;
  private FakeNetworkPlugin plugin;
  private TestStack stack;

  @BeforeEach
  void start() {
    stage = PluginStage.open(folder, kernel);
    plugin = stage.plugin;
    holdings = stage.holdings;
    stack = stage.stack();
  }

  @AfterEach
  void stop() throws IOException {
    stage.close();
  }

  private SandboxStatus open() {
    return stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n")));
  }

  @Test
  void theCallsOfANetworksLife() {
    NetworkRecord network = stack.networks().create(SPEC);
    assertThat(network.ipam().driver()).isEqualTo("np");
    assertThat(network.pools())
        .containsExactly(new NetworkRecord.Pool("10.9.0.0/24", "", "10.9.0.1", Map.of(), true));
    assertThat(plugin.bodies("IpamDriver.RequestPool").getFirst().toString())
        .isEqualTo(
            "{\"AddressSpace\":\"here\",\"Pool\":\"\",\"SubPool\":\"\","
                + "\"Options\":{\"o1\":\"v1\"},\"V6\":false}");
    assertThat(plugin.bodies("IpamDriver.RequestAddress").getFirst().toString())
        .isEqualTo(
            "{\"PoolID\":\"pool1\",\"Address\":\"\","
                + "\"Options\":{\"RequestAddressType\":\"com.docker.network.gateway\"}}");
    EndpointStatus endpoint = open().endpoints().getFirst();
    assertThat(endpoint.ipv4().cidr()).isEqualTo("10.9.0.2/24");
    assertThat(plugin.holds()).hasSize(3);
    stack.sandboxes().close(ONE);
    assertThat(plugin.holds()).hasSize(2);
    stack.networks().remove("n");
    assertThat(plugin.holds()).isEmpty();
    assertThat(holdings.all()).isEmpty();
    assertThat(plugin.server().methods())
        .containsExactly(
            "Plugin.Activate",
            "IpamDriver.GetCapabilities",
            "IpamDriver.GetDefaultAddressSpaces",
            "IpamDriver.RequestPool",
            "IpamDriver.RequestAddress",
            "IpamDriver.RequestAddress",
            "IpamDriver.ReleaseAddress",
            "IpamDriver.ReleaseAddress",
            "IpamDriver.ReleasePool");
  }

  @Test
  void whatTheUserSaysIsAskedFor() {
    IpamSpec.Config config =
        new IpamSpec.Config(
            "10.50.0.0/24", "10.50.0.128/25", "10.50.0.254", Map.of("router", "10.50.0.7"));
    stack
        .networks()
        .create(NetworkSpec.named("n").withIpam(new IpamSpec("np", null, List.of(config))));
    JsonNode pool = plugin.bodies("IpamDriver.RequestPool").getFirst();
    assertThat(pool.path("SubPool").asText()).isEqualTo("10.50.0.128/25");
    EndpointSpec wish =
        EndpointSpec.on("n")
            .withAddresses(new EndpointSpec.StaticAddresses("10.50.0.99", "", List.of()));
    stack.sandboxes().open(SandboxSpec.of(ONE, "one", wish));
    assertThat(plugin.holds())
        .containsExactlyInAnyOrder(
            "pool pool1",
            "address pool1 10.50.0.254",
            "address pool1 10.50.0.7",
            "address pool1 10.50.0.99");
  }

  @Test
  void aStationIsToldWhereItMustBe() {
    plugin.demand(false, true);
    stack.networks().create(SPEC);
    EndpointStatus endpoint = open().endpoints().getFirst();
    assertThat(
            plugin
                .bodies("IpamDriver.RequestAddress")
                .getLast()
                .at("/Options/com.docker.network.endpoint.macaddress")
                .asText())
        .isEqualTo(endpoint.macAddress())
        .isNotEmpty();
  }

  @Test
  void whateverItRefusesNothingStaysWithIt() {
    int steps =
        FaultPlan.failEachStep(faults -> {
          plugin.fail(faults);
          try {
            stack.networks().create(SPEC);
            open();
            stack.sandboxes().close(ONE);
            stack.networks().remove("n");
          } catch (EngineException refused) {
            assertThat(refused.text()).contains("remote: injected fault");
          }
          plugin.fail(FaultPlan.none());
          stack.sandboxes().close(ONE);
          stack.networks().list(NetworkFilter.ALL).stream()
              .filter(network -> !network.predefined())
              .forEach(network -> stack.networks().remove(network.id()));
          assertThat(holdings.all()).isEmpty();
          assertThat(kernel.namespaces).isEmpty();
        });
    assertThat(steps).isGreaterThanOrEqualTo(6);
  }

  @Test
  void whateverElseFailsNothingStaysWithIt() {
    FaultPlan.failEachStep(faults -> {
      kernel.fail(faults);
      try {
        stack.networks().create(SPEC);
        open();
      } catch (FaultPlan.InjectedFault expected) {
        assertThat(plugin.holds().stream().filter(thing -> thing.endsWith(".0.2"))).isEmpty();
      }
      kernel.fail(FaultPlan.none());
      stack.sandboxes().close(ONE);
      if (stack.networks().list(NetworkFilter.ALL).size() > 3) {
        stack.networks().remove("n");
      }
      assertThat(plugin.holds()).isEmpty();
      assertThat(holdings.all()).isEmpty();
    });
  }

  @Test
  void aTakenNameCostsThePluginNothing() {
    stack.networks().create(SPEC);
    assertThatThrownBy(() -> stack.networks().create(SPEC)).hasMessageContaining("already exists");
    assertThat(plugin.bodies("IpamDriver.RequestPool")).hasSize(1);
  }

  @Test
  void whatACrashLeftIsReleased() {
    stack.networks().create(SPEC);
    open();
    stack = stage.restart();
    Waiting.until(() -> plugin.holds().size() == 2);
    assertThat(plugin.holds()).containsExactly("address pool1 10.9.0.1", "pool pool1");
    stack.networks().remove("n");
    assertThat(plugin.holds()).isEmpty();
  }

  @Test
  void anAddressAskedForByNameIsNotLostInACrash() {
    stack.networks().create(WITH_SUBNET);
    EndpointSpec wish =
        EndpointSpec.on("n")
            .withAddresses(new EndpointSpec.StaticAddresses("10.9.0.99", "", List.of()));
    plugin.server().silence("IpamDriver.RequestAddress");
    assertThatThrownBy(() -> stack.sandboxes().open(SandboxSpec.of(ONE, "one", wish)))
        .isInstanceOf(EngineException.class);
    assertThat(plugin.holds()).contains("address pool1 10.9.0.99");
    stack.close();
    stack = stage.restart();
    Waiting.until(() -> plugin.holds().size() == 2);
    assertThat(plugin.holds()).containsExactly("address pool1 10.9.0.1", "pool pool1");
    plugin.server().unhang("IpamDriver.RequestAddress");
    stack.sandboxes().open(SandboxSpec.of(ONE, "one", wish));
    assertThat(plugin.holds()).contains("address pool1 10.9.0.99");
  }

  @Test
  void whoAsksInVainForAnAddressLeavesItToWhoHasIt() {
    stack.networks().create(WITH_SUBNET);
    EndpointSpec wish =
        EndpointSpec.on("n")
            .withAddresses(new EndpointSpec.StaticAddresses("10.9.0.99", "", List.of()));
    stack.sandboxes().open(SandboxSpec.of(ONE, "one", wish));
    String two = "2b".repeat(32);
    assertThatThrownBy(() -> stack.sandboxes().open(SandboxSpec.of(two, "two", wish)))
        .hasMessageContaining("there is already: address pool1 10.9.0.99");
    assertThat(plugin.holds()).contains("address pool1 10.9.0.99");
    assertThat(holdings.all()).noneMatch(Holding::isOnlyAsked);
    String network = stack.networks().find("n").id();
    holdings.put(
        new Holding(
            Holding.Kind.ADDRESS,
            "np",
            network,
            "pool1 10.9.0.99 7",
            Map.of("pool", "pool1", "address", "10.9.0.99", Holding.ASKED, "")));
    stack = stage.restart(ONE);
    Waiting.until(() -> holdings.all().stream().noneMatch(Holding::isOnlyAsked));
    assertThat(plugin.holds()).contains("address pool1 10.9.0.99");
  }

  @Test
  void onePluginThatForgetsIsToldAgain() throws IOException {
    plugin.demand(true, false);
    stack.networks().create(SPEC);
    open();
    plugin.close();
    plugin.forget();
    plugin.listen();
    stack = stage.restart(ONE);
    Waiting.until(() -> plugin.holds().size() == 3);
    assertThat(plugin.holds()).contains("address pool1 10.9.0.1", "address pool1 10.9.0.2");
    stack.sandboxes().close(ONE);
    stack.networks().remove("n");
    assertThat(plugin.holds()).isEmpty();
  }

  @Test
  void aNetworkOfAnAbsentPluginCanBeRemoved() throws IOException {
    stack.networks().create(SPEC);
    plugin.close();
    stack.close();
    stack = stage.restart();
    assertThatThrownBy(this::open).hasMessage("plugin \"np\" not found");
    stack.networks().remove("n");
    assertThat(stack.networks().list(NetworkFilter.ALL)).hasSize(3);
    assertThatThrownBy(() -> stack.networks().create(SPEC)).hasMessage("plugin \"np\" not found");
    plugin.listen();
    stack.close();
    stack = stage.restart();
    Waiting.until(() -> holdings.all().isEmpty());
    assertThat(plugin.holds()).isEmpty();
  }

  @Test
  void oneThatHangsHoldsUpNobodyElse() throws InterruptedException {
    plugin.server().hang("IpamDriver.RequestPool");
    Thread hung =
        Thread.startVirtualThread(() -> {
          try {
            stack.networks().create(SPEC);
          } catch (EngineException expected) {
            // It hangs.
          }
        });
    Waiting.until(() -> !plugin.bodies("IpamDriver.RequestPool").isEmpty());
    stack.networks().create(NetworkSpec.named("other"));
    hung.join(Duration.ofSeconds(20));
    assertThat(stack.networks().list(NetworkFilter.ALL)).hasSize(4);
  }

  @Test
  void nobodyMayManageThemToo() {
    NetworkSpec spec = NetworkSpec.named("n").withIpam(new IpamSpec("null", null, List.of()));
    NetworkRecord network = stack.networks().create(spec.withDriver("macvlan", Map.of()));
    assertThat(network.pools()).isEmpty();
    assertThat(open().endpoints().getFirst().ipv4().present()).isFalse();
  }
}
