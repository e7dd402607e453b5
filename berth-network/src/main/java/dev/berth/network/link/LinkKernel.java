package dev.berth.network.link;

import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.ipam.Cidr;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the network feature asks of the kernel: links of the engine's own namespace, and namespaces
 * for containers. Safe for use by any thread. Every method fails with {@link
 * dev.berth.linux.LinuxException}; one that fails half-way takes back what it did.
 */
public interface LinkKernel extends AutoCloseable {
  /** The real kernel, seen from the namespace that plays the host. */
  static LinkKernel of(HostNamespace host) {
    return RouteLinkKernel.open(host);
  }

  /** A link of the engine's namespace. */
  Optional<HostLinkFacts> find(String name);

  /** The addresses of a link, link-local ones left out; empty where there is no such link. */
  List<InterfaceAddress> addresses(String name);

  /** All links that {@link #create} made, in this or an earlier life of the engine. */
  List<String> ownLinks();

  /** All blocks that the engine's namespace has an address in or a route to; no default routes. */
  List<Cidr> occupied();

  /** Makes a link, gives it its addresses and switches it on. */
  void create(HostLink link);

  /**
   * Gives an existing bridge what the plan says: addresses it has beyond the plan are only taken
   * away where {@code exact}.
   */
  void adopt(HostLink.Bridge bridge, boolean exact);

  /**
   * Frees the addresses of a link at once and deletes it soon. A later {@link #create} of the same
   * name waits for it. Does nothing where there is none.
   */
  void delete(String name);

  /**
   * Makes links ports of their bridges where they are not; those that are gone are passed over.
   *
   * @param ports links of the engine's namespace by the name of their bridge
   */
  void attach(Map<String, List<String>> ports);

  /**
   * Tells of links of the engine's namespace that were deleted, by whomever.
   *
   * @param lost called on a thread of its own; with an empty name when any may be gone
   */
  LinkWatch watch(Consumer<String> lost);

  /** A watch, until it is closed. */
  interface LinkWatch extends AutoCloseable {
    @Override
    void close();
  }

  /** Sets a kernel parameter in the engine's namespace; see {@link dev.berth.linux.Sysctl}. */
  void setSysctl(String name, String value);

  /** A kernel parameter of the engine's namespace; empty where the kernel has none such. */
  Optional<String> sysctl(String name);

  /**
   * Lets interfaces that take their routes from router advertisements go on doing so although the
   * host becomes a router, which makes the kernel stop it otherwise.
   */
  void keepRouterAdvertisements();

  /**
   * Makes a namespace pinned at a path, whose loopback interface is on.
   *
   * @param path where; its directory is made when missing
   * @param sysctls parameters to set before any interface appears
   */
  SandboxNamespace createNamespace(Path path, Map<String, String> sysctls);

  /** Opens a namespace that was pinned before; nothing where the path has none. */
  Optional<SandboxNamespace> openNamespace(Path path);

  /** Whether a namespace is pinned at a path. */
  boolean isNamespace(Path path);

  /** Unpins a namespace and removes the file; it dies with its last process. Idempotent. */
  void removeNamespace(Path path);

  /** All pinned namespaces of a directory. */
  List<Path> pinnedNamespaces(Path directory);

  @Override
  void close();
}
