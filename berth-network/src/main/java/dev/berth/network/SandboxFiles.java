package dev.berth.network;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Texts of the files that tell a container about names. */
final class SandboxFiles {
  private static final Path HOST_HOSTS = Path.of("/etc/hosts");

  private final NetworkSettings settings;
  private final NetworkRegistry registry;
  private final Function<String, List<InetAddress>> linkedAddresses;
  private final ResolverFile resolver;

  SandboxFiles(
      NetworkSettings settings,
      NetworkRegistry registry,
      Function<String, List<InetAddress>> linkedAddresses) {
    this.settings = settings;
    this.registry = registry;
    this.linkedAddresses = linkedAddresses;
    this.resolver = new ResolverFile(settings.dns());
  }

  /** The texts of a container with these endpoints. */
  SandboxStatus.Files of(SandboxSpec spec, List<Endpoint> endpoints) {
    HostsFile hosts = new HostsFile(hostGateways(spec), linkedAddresses);
    // Hosts that the user gives replace those of the host's file, as Docker does since 28.0.
    boolean theHosts =
        spec.mode().kind() == NetworkMode.Kind.HOST && spec.hosts().extra().isEmpty();
    String hostsText = theHosts ? read(HOST_HOSTS) : hosts.of(spec, endpoints);
    return new SandboxStatus.Files(hostsText, resolver.of(spec, endpoints));
  }

  private List<String> hostGateways(SandboxSpec spec) {
    boolean asked = spec.hosts().extra().stream().anyMatch(line -> line.endsWith("host-gateway"));
    if (!asked || !settings.hostGateways().isEmpty()) {
      return settings.hostGateways();
    }
    return registry.find(PredefinedNetworks.BRIDGE).network().pools().stream()
        .map(NetworkRecord.Pool::gateway)
        .filter(gateway -> !gateway.isEmpty())
        .toList();
  }

  /** A file of the host; empty where there is none. */
  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException missing) {
      return "";
    }
  }
}
