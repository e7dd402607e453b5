package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the user asked for into what is to be made: checks it as Docker does, in Docker's
 * order, and fills in the engine's defaults and what a config-only network brings.
 */
final class NetworkResolver {
  private static final String DEFAULT_DRIVER = "bridge";
  private static final String DEFAULT_IPAM = "default";
  private static final String NO_DRIVER = "null";
  private static final String LOCAL = "local";
  private static final String ENABLE_IPV4 = DriverOptions.DOCKER_NAMESPACE + "enable_ipv4";
  private static final String ENABLE_IPV6 = DriverOptions.DOCKER_NAMESPACE + "enable_ipv6";

  private final NetworkRegistry registry;
  private final AddressManagers managers;
  private final Map<String, Map<String, String>> defaultOptions;

  NetworkResolver(
      NetworkRegistry registry,
      AddressManagers managers,
      Map<String, Map<String, String>> defaultOptions) {
    this.registry = registry;
    this.managers = managers;
    this.defaultOptions = defaultOptions;
  }

  /** A record without subnets. */
  NetworkRecord resolve(NetworkSpec spec, String id, Instant now) {
    String driver = spec.driver().isEmpty() ? DEFAULT_DRIVER : spec.driver();
    if (driver.equals("overlay")) {
      throw EngineException.forbidden(
          "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to"
              + " connect this node to swarm and try again.");
    }
    Map<String, String> options = options(spec, driver);
    boolean ipv4 = family(options, ENABLE_IPV4, spec.flags().enableIpv4(), true);
    boolean ipv6 = family(options, ENABLE_IPV6, spec.flags().enableIpv6(), false);
    IpamValidation.check(spec.ipam(), ipv6);
    if (spec.name().isBlank()) {
      throw EngineException.invalid("invalid name: name is empty");
    }
    checkFlags(spec, ipv4, ipv6, options);
    NameOptions.check(options);
    IpamSpec ipam = ipam(spec.ipam());
    NetworkRecord own =
        new NetworkRecord(
            id,
            now,
            spec,
            driver,
            LOCAL,
            ipv4,
            ipv6,
            options,
            spec.labels(),
            ipam,
            java.util.List.of(),
            Map.of(),
            false);
    return spec.flags().configOnly() ? withoutDriver(own) : complete(own, spec.configFrom());
  }

  private NetworkRecord complete(NetworkRecord own, @Nullable String configFrom) {
    NetworkSpec spec = own.spec();
    if (!own.driver().equals("host")) {
      managers.find(own.ipam().driver());
    }
    if (spec.flags().ingress()) {
      throw EngineException.forbidden("Ingress network can only be global scope network");
    }
    if (spec.scope().equals("swarm") || spec.scope().equals("global")) {
      throw EngineException.forbidden(
          "cannot create a swarm scoped network when swarm is not active");
    }
    return configFrom == null || configFrom.isEmpty() ? own : inherit(own, configFrom);
  }

  /** The driver's options, from the engine's defaults where the user gave none. */
  private Map<String, String> options(NetworkSpec spec, String driver) {
    Map<String, String> options = new HashMap<>();
    if (spec.configFrom() == null || spec.configFrom().isEmpty()) {
      options.putAll(defaultOptions.getOrDefault(driver, Map.of()));
    }
    options.putAll(spec.options());
    return options;
  }

  private static boolean family(
      Map<String, String> options, String key, @Nullable Boolean asked, boolean otherwise) {
    if (asked != null) {
      options.remove(key);
      return asked;
    }
    String value = options.get(key);
    if (value == null) {
      return otherwise;
    }
    return DriverOptions.parseBool(value)
        .orElseThrow(
            () -> EngineException.invalid("driver-opt \"" + key + "\" is not a valid bool"));
  }

  private static void checkFlags(
      NetworkSpec spec, boolean ipv4, boolean ipv6, Map<String, String> options) {
    NetworkSpec.Flags flags = spec.flags();
    boolean fromOther = spec.configFrom() != null && !spec.configFrom().isEmpty();
    if (flags.configOnly()
        && (flags.ingress() || flags.internal() || flags.attachable() || !spec.scope().isEmpty())) {
      throw EngineException.forbidden(
          "configuration network can only contain network specific fields. Network operator fields"
              + " like [ ingress | internal | attachable | scope ] are not supported.");
    }
    if (!fromOther) {
      return;
    }
    if (flags.configOnly()) {
      throw EngineException.forbidden(
          "a configuration network cannot depend on another configuration network");
    }
    IpamSpec ipam = spec.ipam();
    boolean otherIpam = !ipam.driver().isEmpty() && !ipam.driver().equals(DEFAULT_IPAM);
    Map<String, String> ipamOptions = ipam.options();
    if (otherIpam
        || !ipv4
        || ipv6
        || !spec.labels().isEmpty()
        || (ipamOptions != null && !ipamOptions.isEmpty())
        || !ipam.configs().isEmpty()) {
      throw EngineException.forbidden(
          "user specified configurations are not supported if the network depends on a"
              + " configuration network");
    }
    if (!options.isEmpty()) {
      throw EngineException.forbidden(
          "network driver options are not supported if the network depends on a configuration"
              + " network");
    }
  }

  private static IpamSpec ipam(IpamSpec asked) {
    return new IpamSpec(
        asked.driver().isEmpty() ? DEFAULT_IPAM : asked.driver(), asked.options(), asked.configs());
  }

  private static NetworkRecord withoutDriver(NetworkRecord own) {
    return new NetworkRecord(
        own.id(),
        own.created(),
        own.spec(),
        NO_DRIVER,
        LOCAL,
        own.ipv4(),
        own.ipv6(),
        own.options(),
        own.labels(),
        own.ipam(),
        own.pools(),
        Map.of(),
        false);
  }

  private NetworkRecord inherit(NetworkRecord own, String configFrom) {
    NetworkRecord from =
        registry.all().stream()
            .map(NetworkEntry::network)
            .filter(other -> other.spec().flags().configOnly())
            .filter(other -> other.name().equals(configFrom) || other.id().equals(configFrom))
            .findFirst()
            .orElseThrow(() ->
                new EngineException(
                    ErrorKind.NOT_FOUND,
                    "configuration network \"" + configFrom + "\" does not exist"));
    return new NetworkRecord(
        own.id(),
        own.created(),
        own.spec(),
        own.driver(),
        LOCAL,
        from.ipv4(),
        from.ipv6(),
        from.options(),
        from.labels(),
        from.ipam(),
        own.pools(),
        Map.of(),
        false);
  }
}
