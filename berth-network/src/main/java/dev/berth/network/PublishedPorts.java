package dev.berth.network;

import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.Protocol;
import dev.berth.network.ipam.IpText;
import dev.berth.network.ports.PortBinding;
import dev.berth.network.ports.PortPublisher;
import dev.berth.network.ports.PortRequest;
import dev.berth.network.ports.PortTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Publishes the ports of sandboxes. */
final class PublishedPorts {
  private final PortPublisher publisher;

  PublishedPorts(PortPublisher publisher) {
    this.publisher = publisher;
  }

  /** Publishes what the user asked for, where there is a way in. */
  List<PortBinding> publish(SandboxSpec spec, Gateways gateways) {
    List<PortRequest> requests =
        spec.ports().published().stream().map(PublishedPorts::request).toList();
    return publish(spec.containerId(), requests, gateways.targets());
  }

  private List<PortBinding> publish(String owner, List<PortRequest> requests, PortTargets targets) {
    boolean reachable = targets.ipv4() != null || targets.ipv6() != null;
    return reachable && !requests.isEmpty()
        ? publisher.publish(owner, requests, targets)
        : List.of();
  }

  private static PortRequest request(SandboxSpec.PublishedPort port) {
    return new PortRequest(
        protocol(port.port()),
        port.port().number(),
        IpText.parse(port.hostIp()).orElse(null),
        port.hostPortFirst(),
        port.hostPortLast());
  }

  private static Protocol protocol(SandboxSpec.Port port) {
    return Protocol.valueOf(port.protocol().toUpperCase(Locale.ROOT));
  }

  /** Lets published ports lead elsewhere; each keeps its number on the host. */
  List<PortBinding> move(SandboxSpec spec, List<PortBinding> bindings, Gateways gateways) {
    if (spec.ports().published().isEmpty()) {
      return bindings;
    }
    publisher.unpublish(spec.containerId());
    List<PortRequest> requests = new ArrayList<>();
    for (SandboxSpec.PublishedPort port : spec.ports().published()) {
      requests.add(kept(request(port), bindings));
    }
    return publish(spec.containerId(), requests, gateways.targets());
  }

  private static PortRequest kept(PortRequest request, List<PortBinding> bindings) {
    for (PortBinding binding : bindings) {
      boolean same =
          binding.protocol() == request.protocol()
              && binding.containerPort() == request.containerPort()
              && binding.hostPort() > 0
              && (request.ephemeral() || within(request, binding.hostPort()));
      if (same) {
        return new PortRequest(
            request.protocol(),
            request.containerPort(),
            request.hostAddress(),
            binding.hostPort(),
            binding.hostPort());
      }
    }
    return request;
  }

  private static boolean within(PortRequest request, int port) {
    return port >= request.firstHostPort() && port <= request.lastHostPort();
  }

  /** Gives all ports of a container back. */
  void unpublish(String containerId) {
    publisher.unpublish(containerId);
  }

  /** What {@code docker port} shows: what the engine publishes, and what drivers do. */
  static List<SandboxStatus.PortMapping> shown(Sandbox.State state) {
    List<SandboxStatus.PortMapping> shown = new ArrayList<>(shown(state.ports()));
    for (Endpoint endpoint : state.endpoints()) {
      JoinAnswer.Inside inside = endpoint.join().inside();
      if (inside != null) {
        shown.addAll(inside.ports());
      }
    }
    return shown;
  }

  private static List<SandboxStatus.PortMapping> shown(List<PortBinding> bindings) {
    return bindings.stream()
        .map(binding ->
            new SandboxStatus.PortMapping(
                new SandboxSpec.Port(
                    binding.containerPort(), binding.protocol().name().toLowerCase(Locale.ROOT)),
                Addresses.text(binding.hostAddress()),
                binding.hostPort()))
        .toList();
  }
}
