package dev.berth.network.ports;

import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.PublishedPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins neighbouring ports, so that a range costs the packet filter one rule. */
final class PortRanges {
  private static final Comparator<PortBinding> ORDER =
      Comparator.comparing(PortBinding::protocol)
          .thenComparing(binding -> Addresses.text(binding.hostAddress()))
          .thenComparing(binding -> Addresses.text(binding.target().address()))
          .thenComparingInt(PortBinding::hostPort)
          .thenComparingInt(PortBinding::containerPort);

  private PortRanges() {}

  /** What the packet filter has to do for these bindings; nothing for those that are carried. */
  static List<PublishedPort> merge(List<PortBinding> bindings) {
    List<PublishedPort> merged = new ArrayList<>();
    for (PortBinding binding : bindings.stream().sorted(ORDER).toList()) {
      if (binding.proxied()) {
        continue;
      }
      PublishedPort last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && continues(last, binding)) {
        merged.set(merged.size() - 1, published(binding, last));
      } else {
        merged.add(published(binding, null));
      }
    }
    return merged;
  }

  private static boolean continues(PublishedPort last, PortBinding binding) {
    boolean hostContinues =
        last.hostPort() == 0
            ? binding.hostPort() == 0
            : binding.hostPort() == last.lastHostPort() + 1;
    return hostContinues
        && binding.containerPort() == last.lastContainerPort() + 1
        && last.protocol() == binding.protocol()
        && last.hostAddress().equals(binding.hostAddress())
        && last.containerAddress().equals(binding.target().address())
        && last.endpointId().equals(binding.target().endpointId());
  }

  private static PublishedPort published(PortBinding binding, @Nullable PublishedPort before) {
    PortTarget target = binding.target();
    return new PublishedPort(
        target.networkId(),
        target.endpointId(),
        binding.protocol(),
        binding.hostAddress(),
        before == null ? binding.hostPort() : before.hostPort(),
        target.address(),
        before == null ? binding.containerPort() : before.containerPort(),
        before == null ? 1 : before.count() + 1);
  }
}
