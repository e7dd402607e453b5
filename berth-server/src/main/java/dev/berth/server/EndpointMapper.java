package dev.berth.server;

import dev.berth.api.EndpointIpamConfig;
import dev.berth.api.EndpointSettings;
import dev.berth.engine.ContainerStatus;
import dev.berth.engine.EndpointSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A container's place on a network as JSON. */
final class EndpointMapper {
  private EndpointMapper() {}

  /** Everything, as inspect shows it. */
  static EndpointSettings whole(ContainerStatus.Endpoint endpoint) {
    EndpointSpec spec = endpoint.spec();
    return settings(endpoint, spec.links(), spec.aliases(), endpoint.dnsNames());
  }

  /** Without names, as lists show it. */
  static EndpointSettings brief(ContainerStatus.Endpoint endpoint) {
    return settings(endpoint, null, null, null);
  }

  /** As {@link #whole}, with other aliases. */
  static EndpointSettings withAliases(ContainerStatus.Endpoint endpoint, List<String> aliases) {
    return settings(endpoint, endpoint.spec().links(), aliases, endpoint.dnsNames());
  }

  private static EndpointSettings settings(
      ContainerStatus.Endpoint endpoint,
      @Nullable List<String> links,
      @Nullable List<String> aliases,
      @Nullable List<String> dnsNames) {
    EndpointSpec spec = endpoint.spec();
    EndpointSpec.Addresses addresses = spec.addresses();
    return new EndpointSettings(
        addresses == null
            ? null
            : new EndpointIpamConfig(addresses.ipv4(), addresses.ipv6(), addresses.linkLocal()),
        links,
        aliases,
        endpoint.macAddress(),
        spec.driverOptions(),
        spec.gatewayPriority(),
        endpoint.networkId(),
        endpoint.endpointId(),
        endpoint.ipv4().gateway(),
        endpoint.ipv4().address(),
        endpoint.ipv4().prefixLength(),
        endpoint.ipv6().gateway(),
        endpoint.ipv6().address(),
        endpoint.ipv6().prefixLength(),
        dnsNames);
  }
}
