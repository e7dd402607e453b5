package dev.berth.network.link;

import dev.berth.linux.Addresses;
import dev.berth.linux.BridgeOptions;
import dev.berth.linux.BridgePortOptions;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.Link;
import dev.berth.linux.LinkAddress;
import dev.berth.linux.LinkKind;
import dev.berth.linux.LinkSpec;
import dev.berth.linux.Links;
import dev.berth.linux.LinuxException;
import dev.berth.linux.MacAddress;
import dev.berth.linux.Mounts;
import dev.berth.linux.NamespaceKind;
import dev.berth.linux.Namespaces;
import dev.berth.linux.NetlinkRequest;
import dev.berth.linux.Route;
import dev.berth.linux.RouteSocket;
import dev.berth.linux.Sysctl;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.ipam.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The real kernel, by one routing socket of the host's namespace and one of each container's. Links
 * made here carry an alias, by which a later engine knows them for its own.
 */
final class RouteLinkKernel implements LinkKernel {
  private static final String BRIDGED_PACKETS_ARE_FILTERED = "net/bridge/bridge-nf-call-iptables";
  private static final String ALIAS = "berth";

  private final HostNamespace host;
  private final RouteSocket routes;
  private final LinkReaper reaper;

  private RouteLinkKernel(HostNamespace host, RouteSocket routes, LinkReaper reaper) {
    this.host = host;
    this.routes = routes;
    this.reaper = reaper;
  }

  static RouteLinkKernel open(HostNamespace host) {
    RouteSocket routes = host.call(RouteSocket::open);
    LinkReaper reaper = new LinkReaper(host.call(RouteSocket::open));
    reaper.start();
    return new RouteLinkKernel(host, routes, reaper);
  }

  @Override
  public Optional<HostLinkFacts> find(String name) {
    reaper.await(name);
    return routes
        .link(name)
        .map(link ->
            new HostLinkFacts(
                link.name(), link.index(), link.kind(), link.mtuBytes(), link.isUp()));
  }

  /** Waits until frames pass a link; whether they do when the limit is over. */
  boolean awaitRunning(String name, Duration limit, Duration pause) {
    long end = System.nanoTime() + limit.toNanos();
    Optional<Link> link = routes.link(name);
    while (link.isPresent() && !link.get().isRunning() && System.nanoTime() < end) {
      LockSupport.parkNanos(pause.toNanos());
      link = routes.link(name);
    }
    return link.filter(Link::isRunning).isPresent();
  }

  @Override
  public List<InterfaceAddress> addresses(String name) {
    reaper.await(name);
    Link link = routes.link(name).orElse(null);
    return link == null
        ? List.of()
        : routes.addresses().stream()
            .filter(address -> address.index() == link.index())
            .filter(address -> !address.address().isLinkLocalAddress())
            .map(address -> new InterfaceAddress(address.address(), address.prefixLength()))
            .toList();
  }

  @Override
  public List<String> ownLinks() {
    List<Integer> going = reaper.indexes();
    return routes.links().stream()
        .filter(link -> link.alias().equals(ALIAS) && !going.contains(link.index()))
        .map(Link::name)
        .toList();
  }

  @Override
  public List<Cidr> occupied() {
    Set<Cidr> blocks = new HashSet<>();
    Set<Integer> going = new HashSet<>(reaper.indexes());
    for (LinkAddress address : routes.addresses()) {
      if (!going.contains(address.index())) {
        blocks.add(new Cidr(address.address(), address.prefixLength()));
      }
    }
    for (Route route : routes.mainRoutes()) {
      InetAddress destination = route.destination();
      if (destination != null && route.prefixLength() > 0 && !going.contains(route.index())) {
        blocks.add(new Cidr(destination, route.prefixLength()));
      }
    }
    return List.copyOf(blocks);
  }

  @Override
  public void create(HostLink link) {
    reaper.hold();
    reaper.await(link.name());
    switch (link) {
      case HostLink.Bridge bridge -> createBridge(bridge);
      case HostLink.Dummy dummy -> createSimple(dummy.name(), new LinkKind.Dummy());
      case HostLink.Vlan vlan ->
          createSimple(vlan.name(), new LinkKind.Vlan(indexOf(vlan.parent()), vlan.vlanId()));
    }
  }

  private void createSimple(String name, LinkKind kind) {
    routes.apply(Links.create(LinkSpec.of(name, kind)));
    int index = indexOf(name);
    routes.apply(Links.up(index), Links.alias(index, ALIAS));
  }

  private void createBridge(HostLink.Bridge bridge) {
    LinkSpec spec =
        LinkSpec.of(bridge.name(), new LinkKind.Bridge(BridgeOptions.DEFAULT))
            .withMac(MacAddress.parse(bridge.macAddress()));
    if (bridge.mtuBytes() > 0) {
      spec = spec.withMtuBytes(bridge.mtuBytes());
    }
    routes.apply(Links.create(spec));
    try {
      quietenIpv6(bridge);
      int index = indexOf(bridge.name());
      List<NetlinkRequest> requests = new ArrayList<>();
      bridge.addresses().forEach(address -> requests.add(Addresses.add(on(index, address))));
      requests.add(Links.up(index));
      requests.add(Links.alias(index, ALIAS));
      routes.apply(requests);
    } catch (RuntimeException failure) {
      routes.outcomes(List.of(Links.delete(bridge.name())));
      throw failure;
    }
  }

  /** The host takes no routes from containers, and a bridge without IPv6 does not speak it. */
  private void quietenIpv6(HostLink.Bridge bridge) {
    String prefix = "net/ipv6/conf/" + bridge.name() + "/";
    if (sysctl(prefix + "disable_ipv6").isPresent()) {
      setSysctl(prefix + "accept_ra", "0");
      setSysctl(prefix + "disable_ipv6", bridge.ipv6() ? "0" : "1");
    }
  }

  @Override
  public void adopt(HostLink.Bridge bridge, boolean exact) {
    Link link = routes.link(bridge.name()).orElseThrow(() -> missing(bridge.name()));
    if (exact) {
      quietenIpv6(bridge);
    }
    List<NetlinkRequest> requests = new ArrayList<>();
    Set<InterfaceAddress> wanted = new HashSet<>(bridge.addresses());
    for (LinkAddress address : routes.addresses()) {
      boolean linkLocal = address.address().isLinkLocalAddress();
      if (address.index() == link.index() && !linkLocal) {
        boolean known =
            wanted.remove(new InterfaceAddress(address.address(), address.prefixLength()));
        if (!known && exact) {
          requests.add(Addresses.delete(address));
        }
      }
    }
    wanted.forEach(address -> requests.add(Addresses.replace(on(link.index(), address))));
    if (bridge.mtuBytes() > 0 && exact && link.mtuBytes() != bridge.mtuBytes()) {
      requests.add(Links.mtu(link.index(), bridge.mtuBytes()));
    }
    requests.add(Links.up(link.index()));
    routes.apply(requests);
  }

  private static LinkAddress on(int index, InterfaceAddress address) {
    return LinkAddress.of(index, address.address(), address.prefixLength());
  }

  @Override
  public void delete(String name) {
    Optional<Link> link = routes.link(name);
    if (link.isEmpty()) {
      return;
    }
    reaper.hold();
    int index = link.get().index();
    List<NetlinkRequest> requests = new ArrayList<>();
    for (LinkAddress address : routes.addresses()) {
      if (address.index() == index) {
        requests.add(Addresses.delete(address));
      }
    }
    routes.outcomes(requests);
    reaper.delete(name, index, link.get().kind().equals("bridge"));
  }

  @Override
  public void attach(Map<String, List<String>> ports) {
    if (ports.isEmpty()) {
      return;
    }
    Map<String, Link> links = new HashMap<>();
    routes.links().forEach(link -> links.put(link.name(), link));
    List<NetlinkRequest> requests = new ArrayList<>();
    List<String> attached = new ArrayList<>();
    ports.forEach((bridge, names) -> {
      Link master = links.get(bridge);
      for (String name : names) {
        Link port = links.get(name);
        if (master != null && port != null && port.masterIndex() != master.index()) {
          requests.add(Links.master(port.index(), master.index()));
          requests.add(Links.up(port.index()));
          attached.add(name);
        }
      }
    });
    routes.apply(requests);
    attached.forEach(this::letReachItself);
  }

  @Override
  public LinkWatch watch(Consumer<String> lost) {
    return LostLinkWatch.start(host, lost);
  }

  @Override
  public void setSysctl(String name, String value) {
    host.call(() -> {
      Sysctl.write(name, value);
      return true;
    });
  }

  @Override
  public Optional<String> sysctl(String name) {
    try {
      return Optional.of(host.call(() -> Sysctl.read(name)));
    } catch (LinuxException unknown) {
      if (unknown.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw unknown;
    }
  }

  @Override
  public void keepRouterAdvertisements() {
    for (Link link : routes.links()) {
      String name = "net/ipv6/conf/" + link.name() + "/accept_ra";
      if (sysctl(name).filter("1"::equals).isPresent()) {
        setSysctl(name, "2");
      }
    }
  }

  @Override
  public SandboxNamespace createNamespace(Path path, Map<String, String> sysctls) {
    reaper.hold();
    reaper.await(path);
    createFile(path);
    try {
      return Namespaces.call(() -> enterNew(path, sysctls));
    } catch (RuntimeException failure) {
      Namespaces.remove(path);
      throw failure;
    }
  }

  private static void createFile(Path path) {
    Path directory = path.getParent();
    try {
      if (directory != null && !Files.isDirectory(directory)) {
        Files.createDirectories(directory);
      }
      Files.createFile(path);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Runs on a thread of its own, which ends inside the new namespace. */
  private SandboxNamespace enterNew(Path path, Map<String, String> sysctls) {
    Namespaces.unshare(NamespaceKind.NETWORK);
    Fd namespace = Namespaces.current(NamespaceKind.NETWORK);
    RouteSocket inside = null;
    try {
      inside = RouteSocket.open();
      for (Map.Entry<String, String> sysctl : sysctls.entrySet()) {
        SandboxSysctls.write(sysctl.getKey(), sysctl.getValue());
      }
      inside.apply(Links.up(1));
      Mounts.bind("/proc/thread-self/ns/net", path.toString(), false);
      return new RouteSandboxNamespace(this, namespace, inside, sysctls);
    } catch (RuntimeException failure) {
      if (inside != null) {
        inside.close();
      }
      namespace.close();
      throw failure;
    }
  }

  @Override
  public Optional<SandboxNamespace> openNamespace(Path path) {
    if (!isNamespace(path)) {
      return Optional.empty();
    }
    Fd namespace = Namespaces.open(path);
    try {
      return Optional.of(
          new RouteSandboxNamespace(this, namespace, RouteSocket.in(namespace), Map.of()));
    } catch (RuntimeException failure) {
      namespace.close();
      throw failure;
    }
  }

  @Override
  public boolean isNamespace(Path path) {
    return Namespaces.isNamespace(path);
  }

  @Override
  public void removeNamespace(Path path) {
    reaper.unpin(path);
  }

  @Override
  public List<Path> pinnedNamespaces(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      return List.copyOf(found);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The host's namespace. */
  Fd openHostNamespace() {
    return host.call(() -> Namespaces.current(NamespaceKind.NETWORK));
  }

  /** Sends requests in the host's namespace. */
  void apply(List<NetlinkRequest> requests) {
    reaper.hold();
    routes.apply(requests);
  }

  /** Sends requests in the host's namespace, whatever becomes of them. */
  void attempt(List<NetlinkRequest> requests) {
    routes.outcomes(requests);
  }

  /**
   * Lets frames go back out of a bridge port where they came from. A container that uses its own
   * published port needs it where bridged packets pass the packet filter: they are translated and
   * sent on inside of the bridge then. Elsewhere they go through the host.
   */
  void letReachItself(String port) {
    if (sysctl(BRIDGED_PACKETS_ARE_FILTERED).filter("1"::equals).isPresent()) {
      routes.apply(Links.bridgePort(indexOf(port), BridgePortOptions.UNCHANGED.withHairpin(true)));
    }
  }

  /** The number of a link of the host. */
  int indexOf(String name) {
    return routes.link(name).orElseThrow(() -> missing(name)).index();
  }

  private static LinuxException missing(String name) {
    return new LinuxException(Errno.ENODEV, "link", name);
  }

  @Override
  public void close() {
    reaper.close();
    routes.close();
  }
}
