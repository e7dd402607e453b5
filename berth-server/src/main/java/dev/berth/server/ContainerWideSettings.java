package dev.berth.server;

import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import dev.berth.engine.ContainerConfig;
import dev.berth.engine.ContainerSpec;
import dev.berth.engine.EndpointSpec;
import dev.berth.engine.HostOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What clients say of a whole container although it belongs to its place on the main network: the
 * hardware address, which went there with 1.44, and the kernel parameters of an interface, which
 * went there with 1.46 and must be said there since 1.48.
 */
final class ContainerWideSettings {
  private static final String ENDPOINT_SYSCTLS = "com.docker.network.endpoint.sysctls";
  private static final String DEPRECATED_MAC =
      "The container-wide MacAddress field is now deprecated. It should be specified in"
          + " EndpointsConfig instead.";

  private final ApiVersion version;

  ContainerWideSettings(ApiVersion version) {
    this.version = version;
  }

  /**
   * The same container with these settings where they belong.
   *
   * @param warnings for the client are added to it
   * @throws EngineException of kind INVALID when it cannot be told where that is
   */
  ContainerSpec moved(ContainerSpec spec, List<String> warnings) {
    return movedSysctls(movedMac(spec, warnings), warnings);
  }

  private ContainerSpec movedMac(ContainerSpec spec, List<String> warnings) {
    ContainerConfig.Identity identity = spec.config().identity();
    String mac = identity.macAddress();
    if (mac.isEmpty()) {
      return spec;
    }
    boolean own = hasOwnNetwork(spec);
    if (!own && !version.atLeast(44)) {
      throw EngineException.invalid("conflicting options: mac-address and the network mode");
    }
    if (version.atLeast(44)) {
      warnings.add(DEPRECATED_MAC);
    }
    ContainerSpec without =
        spec.withConfig(
            spec.config()
                .withIdentity(
                    new ContainerConfig.Identity(
                        identity.hostname(), identity.domainname(), "", identity.labels())));
    if (!own) {
      return without;
    }
    String main =
        main(spec, "unable to migrate container-wide MAC address to a specific network: ");
    EndpointSpec endpoint = endpoint(spec, main);
    if (version.atLeast(44)
        && !endpoint.macAddress().isEmpty()
        && !endpoint.macAddress().equals(mac)) {
      throw EngineException.invalid(
          "the container-wide MAC address must match the endpoint-specific MAC address for the"
              + " main network, or be left empty");
    }
    return with(without, main, changed(endpoint, mac, endpoint.driverOptions()));
  }

  private ContainerSpec movedSysctls(ContainerSpec spec, List<String> warnings) {
    Map<String, String> sysctls = spec.host().namespaces().sysctls();
    if (sysctls == null || !isPrivate(spec)) {
      return spec;
    }
    Map<String, String> kept = new LinkedHashMap<>(sysctls);
    List<String> moved = new ArrayList<>();
    List<String> settings = new ArrayList<>();
    new TreeMap<>(sysctls)
        .forEach((name, value) -> {
          String setting = ofInterface(name, value);
          if (setting != null) {
            kept.remove(name);
            moved.add(name);
            settings.add(setting);
          }
        });
    if (moved.isEmpty()) {
      return spec;
    }
    String main = main(spec, "unable to find a network for sysctl " + moved.getFirst() + ": ");
    String wanted = String.join(",", settings);
    warnings.add(
        "Migrated sysctl "
            + GoQuote.quote(String.join(",", moved))
            + " to DriverOpts{"
            + GoQuote.quote(ENDPOINT_SYSCTLS)
            + ":"
            + GoQuote.quote(wanted)
            + "}.");
    EndpointSpec endpoint = endpoint(spec, main);
    Map<String, String> known = endpoint.driverOptions();
    Map<String, String> options = known == null ? new TreeMap<>() : new TreeMap<>(known);
    options.merge(ENDPOINT_SYSCTLS, wanted, (before, more) -> more + "," + before);
    return with(
        spec.withHost(withSysctls(spec.host(), kept)),
        main,
        changed(endpoint, endpoint.macAddress(), options));
  }

  /** The setting with a placeholder for the interface; null for one that is of no interface. */
  private @Nullable String ofInterface(String name, String value) {
    String[] parts = name.split("\\.", 5);
    if (parts.length < 5 || !parts[0].equals("net") || !parts[3].startsWith("eth")) {
      return null;
    }
    if (version.atLeast(48)) {
      throw EngineException.invalid(
          "interface specific sysctl setting "
              + GoQuote.quote(name)
              + " must be supplied using driver option '"
              + ENDPOINT_SYSCTLS
              + "'");
    }
    if (!parts[3].equals("eth0")) {
      throw EngineException.invalid(
          "unable to determine network endpoint for sysctl "
              + name
              + ", use driver option '"
              + ENDPOINT_SYSCTLS
              + "' to set per-interface sysctls");
    }
    return "net." + parts[1] + "." + parts[2] + ".IFNAME." + parts[4] + "=" + value;
  }

  private static boolean isPrivate(ContainerSpec spec) {
    String mode = spec.host().network().mode();
    return !mode.equals("host") && !mode.startsWith("container:");
  }

  private static boolean hasOwnNetwork(ContainerSpec spec) {
    return isPrivate(spec) && !spec.host().network().mode().equals("none");
  }

  /** The name by which the main network's endpoint is known, or would be. */
  private String main(ContainerSpec spec, String problem) {
    String mode = spec.host().network().mode();
    String main = mode.isEmpty() || mode.equals("default") ? "bridge" : mode;
    Map<String, EndpointSpec> known = spec.endpoints();
    if (known == null || known.isEmpty() || known.containsKey(main)) {
      return main;
    }
    if (main.equals("bridge") && known.containsKey("default")) {
      return "default";
    }
    if (!version.atLeast(44)) {
      return known.keySet().iterator().next();
    }
    throw EngineException.invalid(
        problem
            + "HostConfig.NetworkMode must match the identity of a network in"
            + " NetworkSettings.Networks");
  }

  private static EndpointSpec endpoint(ContainerSpec spec, String network) {
    Map<String, EndpointSpec> known = spec.endpoints();
    return known == null ? EndpointSpec.EMPTY : known.getOrDefault(network, EndpointSpec.EMPTY);
  }

  private static ContainerSpec with(ContainerSpec spec, String network, EndpointSpec endpoint) {
    Map<String, EndpointSpec> known = spec.endpoints();
    Map<String, EndpointSpec> endpoints =
        known == null ? new LinkedHashMap<>() : new LinkedHashMap<>(known);
    endpoints.put(network, endpoint);
    return spec.withEndpoints(endpoints);
  }

  private static EndpointSpec changed(
      EndpointSpec endpoint, String mac, @Nullable Map<String, String> driverOptions) {
    return new EndpointSpec(
        endpoint.addresses(),
        endpoint.links(),
        endpoint.aliases(),
        mac,
        driverOptions,
        endpoint.gatewayPriority());
  }

  private static HostOptions withSysctls(HostOptions host, Map<String, String> sysctls) {
    HostOptions.NamespaceOptions namespaces = host.namespaces();
    return host.withNamespaces(
        new HostOptions.NamespaceOptions(
            namespaces.ipc(),
            namespaces.pid(),
            namespaces.uts(),
            namespaces.user(),
            namespaces.cgroupns(),
            namespaces.cgroup(),
            sysctls.isEmpty() ? null : sysctls));
  }
}
