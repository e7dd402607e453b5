package dev.berth.network;

import dev.berth.network.firewall.IpFamily;
import dev.berth.network.firewall.PublishedPort;
import dev.berth.network.ipam.IpText;
import dev.berth.network.ports.PortBinding;
import dev.berth.network.ports.PortPublisher;
import dev.berth.network.ports.PortRequest;
import dev.berth.network.ports.PortTarget;
import dev.berth.network.ports.PortTargets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Publishes ports in memory: ephemeral ones count up from 32768. */
final class FakePorts implements PortPublisher {
  final Map<String, List<PortBinding>> published = new TreeMap<>();
  private final Runnable beforeEach;
  private int next = 32768;

  FakePorts(Runnable beforeEach) {
    this.beforeEach = beforeEach;
  }

  @Override
  public List<PortBinding> publish(String owner, List<PortRequest> requests, PortTargets targets) {
    beforeEach.run();
    List<PortBinding> bindings = new ArrayList<>();
    for (PortRequest request : requests) {
      PortTarget target = targets.of(IpFamily.IPV4);
      if (target != null) {
        int port = request.ephemeral() ? next++ : request.firstHostPort();
        bindings.add(
            new PortBinding(
                request.protocol(),
                request.containerPort(),
                IpText.parse("0.0.0.0").orElseThrow(),
                port,
                target));
      }
    }
    published.put(owner, bindings);
    return bindings;
  }

  @Override
  public List<PublishedPort> restore(String owner, List<PortBinding> bindings) {
    published.put(owner, bindings);
    return List.of();
  }

  @Override
  public List<PortBinding> bindings(String owner) {
    return published.getOrDefault(owner, List.of());
  }

  @Override
  public void unpublish(String owner) {
    published.remove(owner);
  }

  @Override
  public void close() {}
}
