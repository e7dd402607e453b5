package dev.berth.network.link;

import dev.berth.linux.Addresses;
import dev.berth.linux.Fd;
import dev.berth.linux.Link;
import dev.berth.linux.LinkAddress;
import dev.berth.linux.LinkKind;
import dev.berth.linux.LinkSpec;
import dev.berth.linux.Links;
import dev.berth.linux.LinuxException;
import dev.berth.linux.MacAddress;
import dev.berth.linux.Namespaces;
import dev.berth.linux.NetlinkRequest;
import dev.berth.linux.Route;
import dev.berth.linux.RouteSocket;
import dev.berth.linux.Routes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A container's namespace by its own routing socket. Interfaces are made right inside of it: one
 * message on the host for all of them, one here for addresses and routes.
 */
final class RouteSandboxNamespace implements SandboxNamespace {
  private static final System.Logger LOG = System.getLogger(RouteSandboxNamespace.class.getName());
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration SHORT_PAUSE = Duration.ofNanos(500_000);
  private static final Duration LATE = Duration.ofSeconds(10);
  private static final Duration LONG_PAUSE = Duration.ofMillis(10);

  private final RouteLinkKernel kernel;
  private final Fd namespace;
  private final RouteSocket routes;
  private final @Nullable Boolean ipv6ByDefault;

  /**
   * @param known the parameters the namespace was made with; empty where it was found
   */
  RouteSandboxNamespace(
      RouteLinkKernel kernel, Fd namespace, RouteSocket routes, Map<String, String> known) {
    this.kernel = kernel;
    this.namespace = namespace;
    this.routes = routes;
    String disabled = known.get(SandboxSysctls.DEFAULT_DISABLE_IPV6);
    this.ipv6ByDefault = disabled == null ? null : disabled.equals("0");
  }

  /** An interface that was made, and its number. */
  private record Made(InterfacePlan plan, int index) {}

  @Override
  public List<String> add(List<InterfacePlan> interfaces, List<RoutePlan> defaultRoutes) {
    try {
      List<Made> made = make(interfaces);
      writeSysctls(interfaces);
      List<NetlinkRequest> requests = new ArrayList<>();
      for (Made link : made) {
        link.plan()
            .addresses()
            .forEach(address -> requests.add(Addresses.add(on(link.index(), address))));
        requests.add(Links.up(link.index()));
      }
      for (RoutePlan route : defaultRoutes) {
        requests.add(Routes.add(route(route, made)));
      }
      routes.apply(requests);
      return made.stream().map(this::macAddress).toList();
    } catch (RuntimeException failure) {
      interfaces.forEach(plan -> takeOutQuietly(plan, failure));
      throw failure;
    }
  }

  private void takeOutQuietly(InterfacePlan plan, RuntimeException failure) {
    try {
      if (plan.source() instanceof LinkSource.Existing existing) {
        giveBack(plan.name(), existing.name());
        giveBack(existing.name(), existing.name());
      } else {
        remove(plan.name());
      }
    } catch (RuntimeException further) {
      failure.addSuppressed(further);
    }
  }

  private List<Made> make(List<InterfacePlan> interfaces) {
    Map<String, Integer> parents = new HashMap<>();
    List<NetlinkRequest> requests = new ArrayList<>();
    for (InterfacePlan plan : interfaces) {
      switch (plan.source()) {
        case LinkSource.Veth veth -> {
          int bridge = parents.computeIfAbsent(veth.bridge(), kernel::indexOf);
          requests.add(veth(plan, veth, bridge));
        }
        case LinkSource.Macvlan macvlan -> {
          int parent = parents.computeIfAbsent(macvlan.parent(), kernel::indexOf);
          requests.add(inside(plan, new LinkKind.Macvlan(parent, mode(macvlan.mode()))));
        }
        case LinkSource.Ipvlan ipvlan -> {
          int parent = parents.computeIfAbsent(ipvlan.parent(), kernel::indexOf);
          requests.add(
              inside(
                  plan,
                  new LinkKind.Ipvlan(
                      parent,
                      LinkKind.IpvlanMode.valueOf(ipvlan.mode().name()),
                      LinkKind.IpvlanFlag.valueOf(ipvlan.flag().name()))));
        }
        case LinkSource.Existing existing -> {
          requests.add(Links.move(kernel.indexOf(existing.name()), namespace));
        }
      }
    }
    kernel.apply(requests);
    for (InterfacePlan plan : interfaces) {
      if (plan.source() instanceof LinkSource.Veth veth) {
        kernel.letReachItself(veth.hostName());
      }
    }
    return interfaces.stream().map(plan -> new Made(plan, number(plan))).toList();
  }

  private int number(InterfacePlan plan) {
    if (plan.source() instanceof LinkSource.Existing existing) {
      int index = routes.link(existing.name()).orElseThrow().index();
      if (!existing.name().equals(plan.name())) {
        routes.apply(Links.rename(index, plan.name()));
      }
      mac(plan).ifPresent(address -> routes.apply(Links.mac(index, address)));
      return index;
    }
    return routes.link(plan.name()).orElseThrow().index();
  }

  private NetlinkRequest veth(InterfacePlan plan, LinkSource.Veth veth, int bridge) {
    OptionalInt mtuBytes =
        plan.mtuBytes() > 0 ? OptionalInt.of(plan.mtuBytes()) : OptionalInt.empty();
    LinkKind.Peer peer =
        new LinkKind.Peer(plan.name(), mac(plan), mtuBytes, namespace, OptionalInt.empty());
    LinkSpec spec =
        LinkSpec.of(veth.hostName(), new LinkKind.Veth(peer)).withMaster(bridge).broughtUp();
    if (plan.mtuBytes() > 0) {
      spec = spec.withMtuBytes(plan.mtuBytes());
    }
    return Links.create(spec);
  }

  private NetlinkRequest inside(InterfacePlan plan, LinkKind kind) {
    LinkSpec spec = LinkSpec.of(plan.name(), kind).inNamespace(namespace);
    Optional<MacAddress> mac = mac(plan);
    if (mac.isPresent()) {
      spec = spec.withMac(mac.get());
    }
    if (plan.mtuBytes() > 0) {
      spec = spec.withMtuBytes(plan.mtuBytes());
    }
    return Links.create(spec);
  }

  private static LinkKind.MacvlanMode mode(LinkSource.MacvlanMode mode) {
    return LinkKind.MacvlanMode.valueOf(mode.name());
  }

  private static Optional<MacAddress> mac(InterfacePlan plan) {
    return plan.macAddress().isEmpty()
        ? Optional.empty()
        : Optional.of(MacAddress.parse(plan.macAddress()));
  }

  private static LinkAddress on(int index, InterfaceAddress address) {
    return LinkAddress.of(index, address.address(), address.prefixLength());
  }

  private void writeSysctls(List<InterfacePlan> interfaces) {
    Map<String, String> sysctls = new LinkedHashMap<>();
    for (InterfacePlan plan : interfaces) {
      if (ipv6ByDefault == null || ipv6ByDefault != plan.ipv6()) {
        String prefix = "net/ipv6/conf/" + plan.name() + "/";
        sysctls.put(prefix + "accept_ra", "0");
        sysctls.put(prefix + "disable_ipv6", plan.ipv6() ? "0" : "1");
      }
      plan.sysctls()
          .forEach((name, value) -> sysctls.put(name.replace("IFNAME", plan.name()), value));
    }
    if (!sysctls.isEmpty()) {
      Namespaces.inNetwork(
          namespace,
          () -> {
            sysctls.forEach(SandboxSysctls::write);
            return true;
          });
    }
  }

  private String macAddress(Made link) {
    String wanted = link.plan().macAddress();
    return wanted.isEmpty() ? readMac(link.index()) : wanted;
  }

  private String readMac(int index) {
    return routes.link(index).flatMap(Link::mac).map(MacAddress::toString).orElse("");
  }

  private Route route(RoutePlan plan, List<Made> made) {
    int index =
        made.stream()
            .filter(link -> link.plan().name().equals(plan.interfaceName()))
            .mapToInt(Made::index)
            .findFirst()
            .orElseGet(() -> routes.link(plan.interfaceName()).orElseThrow().index());
    if (plan.gateway() != null && plan.destination().prefixLength() == 0) {
      return Route.byDefault(plan.gateway(), index);
    }
    return Route.to(
        plan.destination().network(), plan.destination().prefixLength(), plan.gateway(), index);
  }

  /**
   * What the kernel says by itself when the interface goes up is lost: the port of the bridge still
   * drops frames then. Setting the MAC address that it has makes the kernel say it again, for ARP
   * and for NDP.
   */
  @Override
  public void announce(String interfaceName, String hostName) {
    if (kernel.awaitRunning(hostName, SOON, SHORT_PAUSE)) {
      sayAgain(interfaceName);
    } else {
      Thread.ofVirtual()
          .name("berth-announcement")
          .start(() -> announceLate(interfaceName, hostName));
    }
  }

  /** The kernel of a loaded machine may take its time; no start waits for that. */
  private void announceLate(String interfaceName, String hostName) {
    try {
      if (kernel.awaitRunning(hostName, LATE, LONG_PAUSE)) {
        sayAgain(interfaceName);
      }
    } catch (LinuxException ended) {
      LOG.log(System.Logger.Level.DEBUG, "nothing to announce any more: {0}", ended.getMessage());
    }
  }

  private void sayAgain(String interfaceName) {
    routes
        .link(interfaceName)
        .ifPresent(link ->
            link.mac().ifPresent(mac -> routes.outcomes(List.of(Links.mac(link.index(), mac)))));
  }

  @Override
  public void remove(String interfaceName) {
    Optional<Link> link = routes.link(interfaceName);
    if (link.isPresent()) {
      routes.apply(Links.delete(link.get().index()));
    }
  }

  @Override
  public void giveBack(String interfaceName, String hostName) {
    Optional<Link> link = routes.link(interfaceName);
    if (link.isEmpty()) {
      return;
    }
    int index = link.get().index();
    routes.apply(Links.down(index));
    if (!interfaceName.equals(hostName)) {
      routes.apply(Links.rename(index, hostName));
    }
    try (Fd host = kernel.openHostNamespace()) {
      routes.apply(Links.move(index, host));
    }
  }

  @Override
  public void silence() {
    List<NetlinkRequest> requests = new ArrayList<>();
    for (LinkAddress address : routes.addresses()) {
      if (!address.address().isLoopbackAddress()) {
        requests.add(Addresses.delete(address));
      }
    }
    routes.outcomes(requests);
  }

  @Override
  public void replaceDefaultRoutes(List<RoutePlan> defaultRoutes) {
    List<NetlinkRequest> requests = new ArrayList<>();
    for (Route route : routes.mainRoutes()) {
      if (route.isDefault() && route.index() != 0) {
        requests.add(Routes.delete(route));
      }
    }
    for (RoutePlan route : defaultRoutes) {
      requests.add(Routes.add(route(route, List.of())));
    }
    routes.apply(requests);
  }

  @Override
  public List<String> interfaces() {
    return routes.links().stream().map(Link::name).toList();
  }

  @Override
  public void close() {
    routes.close();
    namespace.close();
  }
}
