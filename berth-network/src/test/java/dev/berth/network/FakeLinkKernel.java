package dev.berth.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.link.HostLink;
import dev.berth.network.link.HostLinkFacts;
import dev.berth.network.link.InterfaceAddress;
import dev.berth.network.link.InterfacePlan;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.link.LinkSource;
import dev.berth.network.link.RoutePlan;
import dev.berth.network.link.SandboxNamespace;
import dev.berth.testing.FaultPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A kernel in memory, whose steps can be made to fail. */
final class FakeLinkKernel implements LinkKernel {
  final Map<String, HostLink> links = new TreeMap<>();
  final Map<Path, FakeNamespace> namespaces = new TreeMap<>();
  final Map<String, String> sysctls = new TreeMap<>();
  final Set<String> existing = new TreeSet<>();
  final List<Cidr> hostBlocks = new ArrayList<>();
  private FaultPlan faults = FaultPlan.none();

  /** From now on these steps fail. */
  void fail(FaultPlan plan) {
    faults = plan;
  }

  void step(String name) {
    faults.step(name);
  }

  @Override
  public Optional<HostLinkFacts> find(String name) {
    return Optional.ofNullable(links.get(name))
        .map(link -> new HostLinkFacts(name, 1, "bridge", 1500, true));
  }

  @Override
  public List<InterfaceAddress> addresses(String name) {
    return links.get(name) instanceof HostLink.Bridge bridge ? bridge.addresses() : List.of();
  }

  @Override
  public List<String> ownLinks() {
    return List.copyOf(links.keySet());
  }

  @Override
  public List<Cidr> occupied() {
    return List.copyOf(hostBlocks);
  }

  @Override
  public void create(HostLink link) {
    step("create " + link.name());
    if (links.putIfAbsent(link.name(), link) != null) {
      throw new LinuxException(Errno.EEXIST, "RTM_NEWLINK", link.name());
    }
  }

  @Override
  public void adopt(HostLink.Bridge bridge, boolean exact) {
    step("adopt " + bridge.name());
    links.put(bridge.name(), bridge);
  }

  @Override
  public void delete(String name) {
    links.remove(name);
  }

  @Override
  public void attach(Map<String, List<String>> ports) {
    step("attach ports");
  }

  @Override
  public LinkWatch watch(Consumer<String> lost) {
    return () -> {};
  }

  @Override
  public void setSysctl(String name, String value) {
    step("set " + name);
    sysctls.put(name, value);
  }

  @Override
  public Optional<String> sysctl(String name) {
    return Optional.ofNullable(sysctls.get(name));
  }

  @Override
  public void keepRouterAdvertisements() {
    step("keep router advertisements");
  }

  @Override
  public SandboxNamespace createNamespace(Path path, Map<String, String> parameters) {
    step("create namespace");
    FakeNamespace namespace = new FakeNamespace();
    namespaces.put(path, namespace);
    return namespace;
  }

  @Override
  public Optional<SandboxNamespace> openNamespace(Path path) {
    return Optional.ofNullable(namespaces.get(path));
  }

  @Override
  public boolean isNamespace(Path path) {
    return namespaces.containsKey(path);
  }

  @Override
  public void removeNamespace(Path path) {
    namespaces.remove(path);
  }

  @Override
  public List<Path> pinnedNamespaces(Path directory) {
    return List.copyOf(namespaces.keySet());
  }

  @Override
  public void close() {}

  /** A namespace in memory. */
  final class FakeNamespace implements SandboxNamespace {
    final Map<String, InterfacePlan> interfaces = new TreeMap<>();
    List<RoutePlan> routes = List.of();

    @Override
    public List<String> add(List<InterfacePlan> plans, List<RoutePlan> defaultRoutes) {
      step("make interfaces");
      for (InterfacePlan plan : plans) {
        if (plan.source() instanceof LinkSource.Veth veth && !links.containsKey(veth.bridge())) {
          throw new LinuxException(Errno.ENODEV, "link", veth.bridge());
        }
        if (plan.source() instanceof LinkSource.Existing moved && !existing.remove(moved.name())) {
          throw new LinuxException(Errno.ENODEV, "link", moved.name());
        }
        interfaces.put(plan.name(), plan);
      }
      if (!defaultRoutes.isEmpty()) {
        routes = defaultRoutes;
      }
      return plans.stream().map(InterfacePlan::macAddress).toList();
    }

    @Override
    public void announce(String interfaceName, String hostName) {
      assertThat(interfaces).containsKey(interfaceName);
    }

    @Override
    public void remove(String interfaceName) {
      interfaces.remove(interfaceName);
    }

    @Override
    public void giveBack(String interfaceName, String hostName) {
      if (interfaces.remove(interfaceName) != null) {
        existing.add(hostName);
      }
    }

    @Override
    public void silence() {
      routes = List.of();
    }

    @Override
    public void replaceDefaultRoutes(List<RoutePlan> defaultRoutes) {
      step("replace routes");
      routes = defaultRoutes;
    }

    @Override
    public List<String> interfaces() {
      return List.copyOf(interfaces.keySet());
    }

    @Override
    public void close() {}
  }
}
