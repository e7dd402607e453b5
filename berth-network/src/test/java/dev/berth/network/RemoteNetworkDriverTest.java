package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.EngineException;
import dev.berth.network.driver.remote.RemoteNetworkDriver;
import dev.berth.plugin.PluginPatience;
import dev.berth.plugin.PluginSource;
import dev.berth.plugin.Plugins;
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

class RemoteNetworkDriverTest extends NetworkDriverContract {
  private static final String ONE = "1a".repeat(32);
  private static final NetworkSpec SPEC =
      NetworkSpec.named("remote")
          .withDriver("np", Map.of("k", "v"))
          .withIpam(IpamSpec.of(IpamSpec.Config.subnet("10.9.0.0/24")));

  @TempDir private Path folder;
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

  @Override
  NetworkDriver driver() {
    return new RemoteNetworkDriver("np", plugin.plugins(), holdings);
  }

  @Override
  Map<String, String> options() {
    return Map.of();
  }

  private static SandboxSpec sandbox() {
    SandboxSpec.Port port = new SandboxSpec.Port(80, "tcp");
    return SandboxSpec.of(ONE, "one", EndpointSpec.on("remote"))
        .withPorts(
            new SandboxSpec.Ports(
                List.of(port), List.of(new SandboxSpec.PublishedPort(port, "", 8080, 8080))));
  }

  private SandboxStatus open() {
    return stack.sandboxes().open(sandbox());
  }

  @Test
  void theCallsOfANetworksLife() {
    stack.networks().create(SPEC);
    JsonNode network = plugin.bodies("NetworkDriver.CreateNetwork").getFirst();
    assertThat(network.at("/IPv4Data/0").toString())
        .isEqualTo(
            "{\"AddressSpace\":\"LocalDefault\",\"Pool\":\"10.9.0.0/24\","
                + "\"Gateway\":\"10.9.0.1/24\",\"AuxAddresses\":{}}");
    assertThat(network.at("/Options/com.docker.network.generic/k").asText()).isEqualTo("v");
    SandboxStatus one = open();
    EndpointStatus endpoint = one.endpoints().getFirst();
    assertThat(endpoint.interfaceName()).isEqualTo("np0");
    assertThat(endpoint.macAddress()).isEqualTo("02:00:00:00:00:09");
    assertThat(endpoint.ipv4().cidr()).isEqualTo("10.9.0.2/24");
    assertThat(endpoint.ipv4().gateway()).isEqualTo("10.9.0.1");
    assertThat(endpoint.dnsNames()).contains("one");
    JsonNode made = plugin.bodies("NetworkDriver.CreateEndpoint").getFirst();
    assertThat(made.at("/Interface/Address").asText()).isEqualTo("10.9.0.2/24");
    assertThat(made.at("/Options/com.docker.network.portmap/0/HostPort").asInt()).isEqualTo(8080);
    assertThat(made.at("/Options/com.docker.network.endpoint.exposedports/0").toString())
        .isEqualTo("{\"Proto\":6,\"Port\":80}");
    assertThat(plugin.bodies("NetworkDriver.Join").getFirst().path("SandboxKey").asText())
        .isEqualTo(one.key());
    assertThat(plugin.holds()).hasSize(4);
    stack.sandboxes().close(ONE);
    stack.networks().remove("remote");
    assertThat(plugin.holds()).isEmpty();
    assertThat(holdings.all()).isEmpty();
    assertThat(plugin.server().methods())
        .containsExactly(
            "Plugin.Activate",
            "NetworkDriver.GetCapabilities",
            "NetworkDriver.CreateNetwork",
            "NetworkDriver.CreateEndpoint",
            "NetworkDriver.Join",
            "NetworkDriver.ProgramExternalConnectivity",
            "NetworkDriver.EndpointOperInfo",
            "NetworkDriver.RevokeExternalConnectivity",
            "NetworkDriver.Leave",
            "NetworkDriver.DeleteEndpoint",
            "NetworkDriver.DeleteNetwork");
    assertThat(kernel.existing).hasSize(1);
  }

  @Test
  void whereThePluginBringsNoWayOutTheGatewayBridgeIs() {
    plugin.joinAnswer.remove("Gateway");
    stack.networks().create(SPEC);
    SandboxStatus one = open();
    assertThat(one.endpoints()).extracting(EndpointStatus::networkName).containsExactly("remote");
    assertThat(one.ports()).hasSize(1);
    NetworkRecord bridge = stack.networks().find("docker_gwbridge");
    assertThat(kernel.namespaces.get(Path.of(one.key())).routes)
        .extracting(route -> route.gateway() + " " + route.interfaceName())
        .containsExactly("/" + bridge.pools().getFirst().gateway() + " eth0");
    assertThat(stack.sandboxes().connect(ONE, EndpointSpec.on("bridge")).endpoints()).hasSize(2);
    assertThat(stack.sandboxes().disconnect(ONE, "bridge").endpoints()).hasSize(1);
    stack = stage.restart(ONE);
    assertThat(stack.sandboxes().find(ONE).orElseThrow().endpoints()).hasSize(1);
    stack.sandboxes().close(ONE);
    assertThat(stack.networks().inspect("docker_gwbridge").attachments()).isEmpty();
    plugin.joinAnswer.put("DisableGatewayService", true);
    SandboxStatus two = open();
    assertThat(two.ports()).isEmpty();
    assertThat(stack.networks().inspect("docker_gwbridge").attachments()).isEmpty();
  }

  @Test
  void routesThatThePluginBrings() {
    var routes = plugin.joinAnswer.putArray("StaticRoutes");
    routes.addObject().put("Destination", "10.7.0.0/16").put("NextHop", "10.9.0.7");
    routes.addObject().put("Destination", "10.8.0.0/16").put("RouteType", 1);
    stack.networks().create(SPEC);
    SandboxStatus one = open();
    assertThat(kernel.namespaces.get(Path.of(one.key())).routes)
        .extracting(route -> route.destination() + " " + route.gateway())
        .containsExactly("10.7.0.0/16 /10.9.0.7", "10.8.0.0/16 null", "0.0.0.0/0 /10.9.0.1");
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
            stack.networks().remove("remote");
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
    assertThat(steps).isGreaterThanOrEqualTo(9);
  }

  @Test
  void anErrorIsPassedOnInItsWords() {
    stack.networks().create(SPEC);
    plugin.fail(FaultPlan.failAt(1));
    assertThatThrownBy(this::open)
        .hasMessage("remote: injected fault at step 1: NetworkDriver.CreateEndpoint");
    assertThat(stack.networks().inspect("remote").attachments()).isEmpty();
  }

  @Test
  void aNetworkOfAnAbsentPluginIsListedAndCanBeRemoved() throws IOException {
    stack.networks().create(SPEC);
    plugin.close();
    stack.close();
    stack = stage.restart();
    assertThat(stack.networks().find("remote").driver()).isEqualTo("np");
    assertThatThrownBy(this::open).hasMessage("plugin \"np\" not found");
    stack.networks().remove("remote");
    assertThat(stack.networks().list(NetworkFilter.ALL)).hasSize(3);
    assertThat(holdings.all()).hasSize(1);
    plugin.listen();
    stack.close();
    stack = stage.restart();
    eventuallyHoldsNothing();
    assertThat(plugin.holds()).isEmpty();
  }

  @Test
  void whatACrashLeftIsGivenBack() {
    stack.networks().create(SPEC);
    open();
    stack = stage.restart();
    Waiting.until(() -> plugin.holds().size() == 1);
    assertThat(plugin.holds().toString()).contains("network");
    open();
    assertThat(plugin.holds()).hasSize(4);
  }

  @Test
  void aRunningContainerIsTakenOverWithoutAskingThePlugin() throws IOException {
    stack.networks().create(SPEC);
    SandboxStatus before = open();
    plugin.close();
    stack = stage.restart(ONE);
    SandboxStatus after = stack.sandboxes().find(ONE).orElseThrow();
    assertThat(after.endpoints()).isEqualTo(before.endpoints());
    plugin.listen();
    stack.sandboxes().close(ONE);
    assertThat(plugin.holds()).hasSize(1);
  }

  @Test
  void oneThatHangsHoldsUpNobodyElse() throws InterruptedException {
    stack.networks().create(SPEC);
    plugin.server().hang("NetworkDriver.CreateEndpoint");
    plugin.server().hang("NetworkDriver.CreateNetwork");
    assertThatThrownBy(this::open).hasMessageContaining("no answer within");
    Thread second =
        Thread.startVirtualThread(() -> {
          try {
            stack.networks().create(NetworkSpec.named("other").withDriver("np", Map.of()));
          } catch (EngineException expected) {
            // It hangs.
          }
        });
    stack.networks().create(NetworkSpec.named("mine"));
    assertThat(stack.networks().list(NetworkFilter.ALL)).hasSize(5);
    second.join(Duration.ofSeconds(20));
    assertThat(stack.networks().list(NetworkFilter.ALL)).hasSize(5);
  }

  @Test
  void itsScopeIsShownAndAnUnknownOneRefused() {
    plugin.scope("global");
    assertThat(stack.networks().create(SPEC).scope()).isEqualTo("global");
    plugin.scope("odd");
    stack = stage.restart();
    assertThatThrownBy(
            () -> stack.networks().create(NetworkSpec.named("n").withDriver("np", Map.of())))
        .hasMessage("invalid capability: expecting 'local' or 'global', got odd");
  }

  @Test
  void itsNameIsKnownOnceItHasSaidSo() {
    assertThat(stack.networks().driverNames()).doesNotContain("np");
    stack.networks().create(SPEC);
    assertThat(stack.networks().driverNames())
        .containsExactly("bridge", "cni", "host", "ipvlan", "macvlan", "np", "null");
    Plugins none = new Plugins(PluginSource.NONE, PluginPatience.DEFAULT);
    assertThat(none.names("NetworkDriver")).isEmpty();
  }

  private void eventuallyHoldsNothing() {
    Waiting.until(() -> holdings.all().isEmpty());
  }
}
