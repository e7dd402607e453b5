package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.network.NetworkFilter;
import dev.berth.network.NetworkRecord;
import dev.berth.network.NetworkSpec;
import dev.berth.network.NetworkStatus;
import dev.berth.network.Networks;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Networks that are only remembered. */
final class FakeNetworks implements Networks {
  private final Map<String, NetworkRecord> networks = new TreeMap<>();

  @Override
  public NetworkRecord create(NetworkSpec spec) {
    NetworkRecord network =
        new NetworkRecord(
            "id-of-" + spec.name(),
            Instant.EPOCH,
            spec,
            "bridge",
            "local",
            true,
            false,
            Map.of(),
            Map.of(),
            spec.ipam(),
            List.of(),
            Map.of(),
            false);
    networks.put(spec.name(), network);
    return network;
  }

  @Override
  public NetworkRecord remove(String reference) {
    NetworkRecord network = find(reference);
    networks.remove(network.name());
    return network;
  }

  @Override
  public NetworkRecord find(String reference) {
    NetworkRecord network = networks.get(reference);
    if (network == null) {
      throw EngineException.notFound("network " + reference + " not found");
    }
    return network;
  }

  @Override
  public List<NetworkRecord> list(NetworkFilter filter) {
    return List.copyOf(networks.values());
  }

  @Override
  public NetworkStatus inspect(String reference) {
    return new NetworkStatus(find(reference), Map.of(), List.of());
  }

  @Override
  public List<String> prune(NetworkFilter filter) {
    return List.of();
  }

  @Override
  public List<String> driverNames() {
    return List.of("bridge");
  }
}
