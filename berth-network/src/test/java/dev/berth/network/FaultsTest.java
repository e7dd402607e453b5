package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.store.MemoryStore;
import dev.berth.testing.FaultPlan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever step fails, nothing half-made stays. */
class FaultsTest {
  private static final String ONE = "1a".repeat(32);

  private final FakeLinkKernel kernel = new FakeLinkKernel();
  private final MemoryStore store = new MemoryStore();
  private TestStack stack;

  @BeforeEach
  void start() {
    stack = TestStack.onFake(kernel, store, Set.of());
    stack.networks().create(NetworkSpec.named("n1"));
    stack.networks().create(NetworkSpec.named("n2"));
  }

  /** All that an operation could leave behind, as text. */
  private String everything() {
    return String.join(
        "\n",
        kernel.links.keySet().toString(),
        kernel.namespaces.values().stream()
            .map(n -> n.interfaces.keySet() + " " + n.routes)
            .toList()
            .toString(),
        stack.firewall.state().toString(),
        stack.dns.sandboxes.keySet().toString(),
        stack.dns.names().toString(),
        ((FakePorts) stack.ports).published.toString(),
        stack.networks().list(NetworkFilter.ALL).stream()
            .map(network -> stack.networks().inspect(network.id()).toString())
            .toList()
            .toString(),
        stack.sandboxes().list().toString(),
        store.view(tx -> tx.all(NetworkTables.NETWORKS)).toString(),
        store.view(tx -> tx.all(NetworkTables.SANDBOXES)).toString());
  }

  private int eachStep(Runnable operation) {
    String before = everything();
    return FaultPlan.failEachStep(plan -> {
      kernel.fail(plan);
      try {
        operation.run();
      } catch (FaultPlan.InjectedFault expected) {
        kernel.fail(FaultPlan.none());
        assertThat(everything()).isEqualTo(before);
      }
    });
  }

  @Test
  void makingANetworkLeavesNothing() {
    assertThat(eachStep(() -> stack.networks().create(NetworkSpec.named("n3")))).isEqualTo(2);
  }

  @Test
  void aStoreThatFailsLeavesNoNetwork() {
    String before = everything();
    store.failAfter(0);
    assertThatThrownBy(() -> stack.networks().create(NetworkSpec.named("n3")))
        .isInstanceOf(EngineException.class);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void openingASandboxLeavesNothing() {
    SandboxSpec spec =
        SandboxSpec.of(ONE, "one", EndpointSpec.on("n1"), EndpointSpec.on("n2")).withPorts(web());
    assertThat(eachStep(() -> stack.sandboxes().open(spec))).isGreaterThanOrEqualTo(5);
  }

  @Test
  void aStoreThatFailsLeavesNoSandbox() {
    String before = everything();
    store.failAfter(0);
    SandboxSpec spec = SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")).withPorts(web());
    assertThatThrownBy(() -> stack.sandboxes().open(spec)).isInstanceOf(EngineException.class);
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void connectingLeavesTheSandboxAsItWas() {
    stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1")).withPorts(web()));
    EndpointSpec wish = EndpointSpec.on("n2").withGatewayPriority(1);
    assertThat(eachStep(() -> stack.sandboxes().connect(ONE, wish))).isGreaterThanOrEqualTo(4);
  }

  @Test
  void disconnectingLeavesTheSandboxAsItWas() {
    EndpointSpec out = EndpointSpec.on("n2").withGatewayPriority(1);
    stack.sandboxes().open(SandboxSpec.of(ONE, "one", EndpointSpec.on("n1"), out).withPorts(web()));
    assertThat(eachStep(() -> stack.sandboxes().disconnect(ONE, "n2"))).isGreaterThanOrEqualTo(2);
    assertThat(stack.networks().inspect("n2").attachments()).isEmpty();
  }

  private static SandboxSpec.Ports web() {
    SandboxSpec.Port port = new SandboxSpec.Port(80, "tcp");
    return new SandboxSpec.Ports(
        List.of(port), List.of(new SandboxSpec.PublishedPort(port, "", 8080, 8080)));
  }
}
