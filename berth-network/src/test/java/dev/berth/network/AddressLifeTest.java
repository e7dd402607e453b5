package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.core.EngineException;
import dev.berth.store.MemoryStore;
import dev.berth.testing.FaultPlan;
import dev.berth.testing.SeededRandom;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Containers come and go at random on three networks, steps fail at random, and the engine crashes
 * and starts again at random. All along, an address has one owner, the addresses that containers
 * have asked for are given to no other, and nothing stays behind.
 */
class AddressLifeTest {
  private static final List<String> NETWORKS = List.of("auto", "tight", "dual");
  private static final int CONTAINERS = 14;
  private static final int STEPS = 600;

  private final FakeLinkKernel kernel = new FakeLinkKernel();
  private final MemoryStore store = new MemoryStore();

  /** What each container has asked for: network to its wish there, whether it runs or not. */
  private final Map<String, Map<String, EndpointSpec>> wishes = new TreeMap<>();

  private final Set<String> running = new HashSet<>();
  private final Map<String, BigInteger> emptyUse = new HashMap<>();
  private TestStack stack;
  private RandomGenerator random;

  private void start(long seed) {
    random = SeededRandom.create(seed);
    stack = TestStack.onFake(kernel, store, Set.of());
    stack.networks().create(NetworkSpec.named("auto"));
    IpamSpec.Config tight =
        new IpamSpec.Config("10.80.0.0/28", "10.80.0.8/29", "10.80.0.1", Map.of("x", "10.80.0.9"));
    stack.networks().create(NetworkSpec.named("tight").withIpam(IpamSpec.of(tight)));
    stack
        .networks()
        .create(
            NetworkSpec.named("dual")
                .withFlags(new NetworkSpec.Flags(true, true, false, false, false, false))
                .withIpam(
                    IpamSpec.of(
                        IpamSpec.Config.subnet("10.81.0.0/27"),
                        IpamSpec.Config.subnet("fd00:81::/124"))));
    for (int i = 0; i < CONTAINERS; i++) {
      wishes.put(Integer.toHexString(i + 1).repeat(64).substring(0, 64), new LinkedHashMap<>());
    }
    NETWORKS.forEach(network -> uses(network).forEach(emptyUse::put));
  }

  private Map<String, BigInteger> uses(String network) {
    Map<String, BigInteger> uses = new TreeMap<>();
    stack
        .networks()
        .inspect(network)
        .usage()
        .forEach(pool -> uses.put(pool.subnet(), pool.inUse()));
    return uses;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anAddressHasOneOwnerAndNoneIsLost(long seed) {
    start(seed);
    for (int step = 0; step < STEPS; step++) {
      Map<String, String> before = owners();
      Map<String, Set<String>> asked = askers();
      String container = oneOf(List.copyOf(wishes.keySet()));
      boolean crashes = random.nextInt(40) == 0;
      if (random.nextInt(6) == 0) {
        kernel.fail(FaultPlan.failAt(1 + random.nextInt(8)));
      }
      try {
        act(container);
      } catch (EngineException | FaultPlan.InjectedFault refused) {
        // A full network, an address in use, or the fault: the invariants hold all the same.
      }
      kernel.fail(FaultPlan.none());
      if (crashes) {
        restartEngine();
      }
      assertInvariants(before, asked);
    }
    wishes.forEach(this::forget);
    NETWORKS.forEach(network ->
        uses(network)
            .forEach((pool, use) -> assertThat(use).as(pool).isEqualTo(emptyUse.get(pool))));
  }

  private void act(String container) {
    Map<String, EndpointSpec> wanted = wishes.get(container);
    switch (random.nextInt(6)) {
      case 0, 1 -> open(container, wanted);
      case 2 -> {
        running.remove(container);
        stack.sandboxes().close(container);
      }
      case 3 -> connect(container, wanted);
      case 4 -> disconnect(container, wanted);
      default -> forget(container, wanted);
    }
  }

  private void open(String container, Map<String, EndpointSpec> wanted) {
    if (running.contains(container)) {
      return;
    }
    if (wanted.isEmpty()) {
      EndpointSpec wish = wish();
      wanted.put(wish.network(), wish);
      reserve(container);
    }
    stack
        .sandboxes()
        .open(
            SandboxSpec.of(
                container,
                "c" + container.substring(0, 2),
                wanted.values().toArray(EndpointSpec[]::new)));
    running.add(container);
  }

  private void connect(String container, Map<String, EndpointSpec> wanted) {
    EndpointSpec wish = wish();
    if (wanted.containsKey(wish.network())) {
      return;
    }
    if (running.contains(container)) {
      stack.sandboxes().connect(container, wish);
    }
    wanted.put(wish.network(), wish);
    reserve(container);
  }

  private void disconnect(String container, Map<String, EndpointSpec> wanted) {
    if (wanted.size() < 2) {
      return;
    }
    String network = oneOf(List.copyOf(wanted.keySet()));
    if (running.contains(container)) {
      stack.sandboxes().disconnect(container, network);
    }
    wanted.remove(network);
    reserve(container);
  }

  private void forget(String container, Map<String, EndpointSpec> wanted) {
    running.remove(container);
    stack.sandboxes().close(container);
    wanted.clear();
    reserve(container);
  }

  private void reserve(String container) {
    stack.sandboxes().reserve(container, List.copyOf(wishes.get(container).values()));
  }

  /** Nothing is closed; the kernel and the store are all that is left of the engine. */
  private void restartEngine() {
    stack = TestStack.onFake(kernel, store, Set.copyOf(running));
    wishes.keySet().forEach(this::reserve);
  }

  private EndpointSpec wish() {
    String network = oneOf(NETWORKS);
    boolean fixed = !network.equals("auto") && random.nextInt(3) == 0;
    EndpointSpec.StaticAddresses addresses =
        switch (fixed ? network : "") {
          case "tight" ->
              new EndpointSpec.StaticAddresses("10.80.0." + random.nextInt(2, 15), "", List.of());
          case "dual" ->
              new EndpointSpec.StaticAddresses(
                  random.nextBoolean() ? "10.81.0." + random.nextInt(2, 31) : "",
                  random.nextBoolean() ? "fd00:81::" + random.nextInt(2, 10) : "",
                  List.of());
          default -> EndpointSpec.StaticAddresses.NONE;
        };
    return EndpointSpec.on(network).withAddresses(addresses);
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Addresses in use: network and address to the container. */
  private Map<String, String> owners() {
    Map<String, String> owners = new HashMap<>();
    for (SandboxStatus sandbox : stack.sandboxes().list()) {
      assertThat(running).contains(sandbox.containerId());
      for (EndpointStatus endpoint : sandbox.endpoints()) {
        for (String address : List.of(endpoint.ipv4().address(), endpoint.ipv6().address())) {
          String place = endpoint.networkName() + " " + address;
          String other = address.isEmpty() ? null : owners.put(place, sandbox.containerId());
          assertThat(other).as(place).isNull();
        }
      }
    }
    return owners;
  }

  /** Addresses that containers have asked for by name. */
  private Map<String, Set<String>> askers() {
    Map<String, Set<String>> askers = new HashMap<>();
    wishes.forEach((container, wanted) ->
        wanted
            .values()
            .forEach(wish -> {
              for (String address : List.of(wish.addresses().ipv4(), wish.addresses().ipv6())) {
                askers
                    .computeIfAbsent(wish.network() + " " + address, place -> new HashSet<>())
                    .add(container);
              }
            }));
    return askers;
  }

  private void assertInvariants(Map<String, String> before, Map<String, Set<String>> asked) {
    Map<String, String> owners = owners();
    assertThat(stack.sandboxes().list()).hasSize(running.size());
    owners.forEach((place, owner) -> {
      boolean isNew = !owner.equals(before.get(place));
      boolean namedIt = askers().getOrDefault(place, Set.of()).contains(owner);
      if (isNew && !namedIt) {
        assertThat(asked.getOrDefault(place, Set.of())).as(place).isEmpty();
      }
    });
    for (String network : NETWORKS) {
      uses(network)
          .forEach((pool, use) -> {
            Set<String> spoken = new HashSet<>(owners.keySet());
            askers().keySet().forEach(spoken::add);
            spoken.remove("tight 10.80.0.9");
            long addresses =
                spoken.stream()
                    .filter(place -> place.startsWith(network + " ") && !place.endsWith(" "))
                    .filter(place -> place.contains(":") == pool.contains(":"))
                    .count();
            assertThat(use.subtract(emptyUse.get(pool)))
                .as(pool)
                .isEqualTo(BigInteger.valueOf(addresses));
          });
    }
  }
}
