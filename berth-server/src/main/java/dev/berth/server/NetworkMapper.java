package dev.berth.server;

import dev.berth.api.ConfigReference;
import dev.berth.api.Ipam;
import dev.berth.api.IpamConfig;
import dev.berth.api.NetworkContainer;
import dev.berth.api.NetworkCreateRequest;
import dev.berth.api.NetworkInspect;
import dev.berth.core.EngineException;
import dev.berth.engine.Filters;
import dev.berth.network.IpamSpec;
import dev.berth.network.NetworkFilter;
import dev.berth.network.NetworkRecord;
import dev.berth.network.NetworkSpec;
import dev.berth.network.NetworkStatus;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Networks as JSON, the requests that make them, and the filters that select them. */
final class NetworkMapper {
  private static final Set<String> LIST_FILTERS =
      Set.of("dangling", "driver", "id", "label", "name", "scope", "type");
  private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!", "until");

  private static final BigInteger LARGEST_FIGURE =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  private NetworkMapper() {}

  static NetworkFilter listFilter(Filters filters) {
    filters.requireOnly(LIST_FILTERS);
    return new NetworkFilter(
        filters.of("name"),
        filters.of("id"),
        filters.of("driver"),
        filters.of("scope"),
        types(filters.of("type")),
        filters.of("label"),
        List.of(),
        dangling(filters),
        null);
  }

  private static @Nullable Boolean dangling(Filters filters) {
    List<String> values = filters.of("dangling");
    if (values.size() > 1) {
      throw EngineException.invalid("got more than one value for filter key \"dangling\"");
    }
    if (values.isEmpty()) {
      return null;
    }
    return switch (values.getFirst()) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default ->
          throw EngineException.invalid(
              "invalid value for filter 'dangling', must be \"true\" (or \"1\"), or \"false\" (or"
                  + " \"0\")");
    };
  }

  private static List<String> types(List<String> types) {
    for (String type : types) {
      if (!type.equals("builtin") && !type.equals("custom")) {
        throw EngineException.internal("invalid filter: 'type'='" + type + "'", null);
      }
    }
    return types;
  }

  static NetworkFilter pruneFilter(Filters filters, Instant now) {
    filters.requireOnly(PRUNE_FILTERS);
    List<String> until = filters.of("until");
    if (until.size() > 1) {
      throw EngineException.invalid("more than one until filter specified");
    }
    return new NetworkFilter(
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        filters.of("label"),
        filters.of("label!"),
        null,
        until.isEmpty() ? null : GoTime.parse(until.getFirst(), now));
  }

  /** Before 1.48 a client could not choose to go without IPv4. */
  static NetworkSpec spec(NetworkCreateRequest request, ApiVersion version) {
    ConfigReference configFrom = request.configFrom();
    return new NetworkSpec(
        request.name(),
        request.driver(),
        request.scope(),
        new NetworkSpec.Flags(
            version.atLeast(48) ? request.enableIpv4() : null,
            request.enableIpv6(),
            request.internal(),
            request.attachable(),
            request.ingress(),
            request.configOnly()),
        configFrom == null || configFrom.network().isEmpty() ? null : configFrom.network(),
        ipam(request.ipam()),
        orEmpty(request.options()),
        orEmpty(request.labels()));
  }

  private static IpamSpec ipam(@Nullable Ipam ipam) {
    if (ipam == null) {
      return IpamSpec.DEFAULT;
    }
    List<IpamConfig> configs = ipam.config();
    return new IpamSpec(
        ipam.driver(),
        ipam.options(),
        configs == null
            ? List.of()
            : configs.stream()
                .map(config ->
                    new IpamSpec.Config(
                        config.subnet(),
                        config.ipRange(),
                        config.gateway(),
                        orEmpty(config.auxiliaryAddresses())))
                .toList());
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }

  /** A network of a list, which does not show containers. */
  static NetworkInspect summary(NetworkRecord network) {
    return json(network, Map.of(), null);
  }

  static NetworkInspect inspect(NetworkStatus status) {
    Map<String, NetworkContainer> containers = new TreeMap<>();
    status
        .attachments()
        .forEach((container, attachment) ->
            containers.put(
                container,
                new NetworkContainer(
                    attachment.containerName(),
                    attachment.endpointId(),
                    attachment.macAddress(),
                    attachment.ipv4Address(),
                    attachment.ipv6Address())));
    return json(status.network(), containers, status(status.usage()));
  }

  private static NetworkInspect.Status status(List<NetworkStatus.PoolUsage> usage) {
    Map<String, NetworkInspect.SubnetStatus> subnets = new TreeMap<>();
    for (NetworkStatus.PoolUsage pool : usage) {
      subnets.put(
          pool.subnet(),
          new NetworkInspect.SubnetStatus(
              pool.inUse().min(LARGEST_FIGURE), pool.dynamicAvailable().min(LARGEST_FIGURE)));
    }
    return new NetworkInspect.Status(new NetworkInspect.IpamStatus(subnets));
  }

  private static NetworkInspect json(
      NetworkRecord network,
      Map<String, NetworkContainer> containers,
      NetworkInspect.@Nullable Status status) {
    NetworkSpec spec = network.spec();
    String configFrom = spec.configFrom();
    return new NetworkInspect(
        network.name(),
        network.id(),
        GoTime.format(network.created()),
        network.scope(),
        network.driver(),
        network.ipv4(),
        network.ipv6(),
        new Ipam(network.ipam().driver(), network.ipam().options(), pools(network.shownIpam())),
        spec.flags().internal(),
        spec.flags().attachable(),
        spec.flags().ingress(),
        new ConfigReference(configFrom == null ? "" : configFrom),
        spec.flags().configOnly(),
        containers,
        network.options(),
        network.labels(),
        status);
  }

  private static @Nullable List<IpamConfig> pools(List<IpamSpec.Config> pools) {
    return pools.isEmpty()
        ? null
        : pools.stream()
            .map(pool ->
                new IpamConfig(
                    pool.subnet(), pool.ipRange(), pool.gateway(), pool.auxiliaryAddresses()))
            .toList();
  }
}
