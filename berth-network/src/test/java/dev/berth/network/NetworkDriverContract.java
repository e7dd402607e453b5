package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.network.link.InterfaceAddress;
import dev.berth.testing.FaultPlan;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every driver must do, on a kernel in memory. */
abstract class NetworkDriverContract {
  private static final String ID = "0a".repeat(32);
  private static final String OTHER_ID = "0b".repeat(32);
  private static final String ENDPOINT = "0c".repeat(32);
  private static final Path KEY = Path.of("/exec/netns/x");

  final FakeLinkKernel kernel = new FakeLinkKernel();

  /** The driver under test. */
  abstract NetworkDriver driver();

  /** Options of a network that needs a link of its own, if the driver's networks do. */
  abstract Map<String, String> options();

  private NetworkRecord network(String id) {
    boolean addresses = driver().capability().addresses();
    List<NetworkRecord.Pool> pools =
        addresses
            ? List.of(new NetworkRecord.Pool("10.9.0.0/24", "", "10.9.0.1", Map.of(), false))
            : List.of();
    return new NetworkRecord(
        id,
        Instant.EPOCH,
        NetworkSpec.named("n").withDriver(driver().name(), options()),
        driver().name(),
        "local",
        true,
        false,
        options(),
        Map.of(),
        new IpamSpec("default", null, List.of()),
        pools,
        Map.of(),
        false);
  }

  private EndpointAddresses addresses() {
    return driver().capability().addresses()
        ? new EndpointAddresses("", InterfaceAddress.of("10.9.0.2/24"), null)
        : new EndpointAddresses("", null, null);
  }

  @Test
  void planningTouchesNothingAndComesToTheSame() {
    String before = kernel.links.toString();
    NetworkPlan plan = driver().plan(network(ID), List.of());
    assertThat(driver().plan(network(ID), List.of())).isEqualTo(plan);
    assertThat(kernel.links).hasToString(before);
  }

  @Test
  void aDeletedNetworkLeavesNothing() {
    String before = kernel.links.toString();
    NetworkRecord network = network(ID);
    NetworkRecord made =
        network.withDriverState(driver().createNetwork(driver().plan(network, List.of())));
    driver().deleteNetwork(made);
    driver().deleteNetwork(made);
    assertThat(kernel.links).hasToString(before);
  }

  @Test
  void aFaultAtAnyStepOfMakingLeavesNothing() {
    String before = kernel.links.toString();
    NetworkRecord network = network(ID);
    FaultPlan.failEachStep(faults -> {
      kernel.fail(faults);
      try {
        NetworkRecord made =
            network.withDriverState(driver().createNetwork(driver().plan(network, List.of())));
        driver().deleteNetwork(made);
      } catch (FaultPlan.InjectedFault expected) {
        assertThat(kernel.links).hasToString(before);
      }
    });
    kernel.fail(FaultPlan.none());
    assertThat(kernel.links).hasToString(before);
  }

  @Test
  void aLinkThatWasLostIsMadeAgain() {
    NetworkRecord network = network(ID);
    NetworkRecord made =
        network.withDriverState(driver().createNetwork(driver().plan(network, List.of())));
    String with = kernel.links.keySet().toString();
    made.driverState().values().forEach(kernel.links::remove);
    driver().restoreNetwork(driver().plan(made, List.of()));
    assertThat(kernel.links.keySet()).hasToString(with);
    driver().restoreNetwork(driver().plan(made, List.of()));
    assertThat(kernel.links.keySet()).hasToString(with);
  }

  @Test
  void anEndpointJoinsAndLeavesAsOftenAsOneLikes() {
    NetworkRecord network = network(ID);
    NetworkRecord made =
        network.withDriverState(driver().createNetwork(driver().plan(network, List.of())));
    EndpointAddresses given =
        driver().createEndpoint(new EndpointRequest(made, ENDPOINT, addresses(), Map.of()));
    assertThat(given.ipv4()).isEqualTo(addresses().ipv4());
    JoinRequest request = new JoinRequest(made, ENDPOINT, given, KEY, Map.of());
    JoinAnswer answer = driver().join(request);
    assertThat(driver().join(request)).isEqualTo(answer);
    assertThat(answer.link() != null).isEqualTo(driver().capability().addresses());
    for (int i = 0; i < 2; i++) {
      driver().leave(made, ENDPOINT);
      driver().deleteEndpoint(made, ENDPOINT);
    }
  }

  @Test
  void twoNetworksDoNotDisturbEachOther() {
    NetworkRecord first = network(ID);
    NetworkRecord made =
        first.withDriverState(driver().createNetwork(driver().plan(first, List.of())));
    String with = kernel.links.keySet().toString();
    NetworkRecord second = network(OTHER_ID);
    NetworkRecord other =
        second.withDriverState(driver().createNetwork(driver().plan(second, List.of())));
    driver().deleteNetwork(other);
    assertThat(kernel.links.keySet()).hasToString(with);
    driver().deleteNetwork(made);
  }
}
