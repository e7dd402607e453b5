package dev.berth.network;

import dev.berth.core.Ids;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * What sandboxes are made of, changed with and taken apart by.
 *
 * @param services the kernel, the store and the other features
 * @param registry the networks
 * @param namespaces where namespaces are pinned
 * @param endpoints makes endpoints
 * @param names tells the name server of them
 * @param files writes what containers read
 * @param ports publishes ports
 * @param links opens the way between linked containers
 * @param ids gives ids
 */
record SandboxParts(
    NetworkServices services,
    NetworkRegistry registry,
    Path namespaces,
    EndpointFactory endpoints,
    SandboxNames names,
    SandboxFiles files,
    PublishedPorts ports,
    LegacyLinks links,
    Ids ids) {

  /**
   * All of them.
   *
   * @param open finds an open sandbox by its container; may give null
   * @param bridgeAddresses a container's addresses on the default bridge
   */
  static SandboxParts of(
      NetworkServices services,
      NetworkRegistry registry,
      NetworkSettings settings,
      Function<String, Sandbox> open,
      Function<String, List<InetAddress>> bridgeAddresses) {
    return new SandboxParts(
        services,
        registry,
        settings.execRoot().resolve("netns"),
        new EndpointFactory(services.random()),
        new SandboxNames(services.dns(), settings.dns()),
        new SandboxFiles(settings, registry, bridgeAddresses),
        new PublishedPorts(services.ports()),
        new LegacyLinks(services.firewall(), open),
        new Ids(services.random()));
  }

  /** Keeps what a sandbox has become. */
  void commit(Sandbox sandbox, Sandbox.State state) {
    services
        .store()
        .update(tx -> {
          tx.put(NetworkTables.SANDBOXES, sandbox.containerId(), sandbox.toRecord(state));
          return true;
        });
    sandbox.become(state);
  }

  /** The sandbox is no more. */
  void forget(String containerId) {
    services
        .store()
        .update(tx -> {
          tx.remove(NetworkTables.SANDBOXES, containerId);
          return true;
        });
  }
}
