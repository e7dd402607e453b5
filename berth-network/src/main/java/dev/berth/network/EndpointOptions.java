package dev.berth.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The endpoint options that concern the interface whatever the driver.
 *
 * @param interfaceName the wanted name inside, or empty
 * @param sysctls file names below {@code /proc/sys} with {@code IFNAME} for the interface, to
 *     values
 */
record EndpointOptions(String interfaceName, Map<String, String> sysctls) {
  private static final String IFNAME = DriverOptions.DOCKER_NAMESPACE + "endpoint.ifname";
  private static final String SYSCTLS = DriverOptions.DOCKER_NAMESPACE + "endpoint.sysctls";
  private static final int SYSCTL_PARTS = 5;
  private static final int FAMILY_PART = 1;
  private static final int INTERFACE_PART = 3;

  /** Reads those that {@link #errors} has nothing to say about. */
  static EndpointOptions of(Map<String, String> options) {
    Map<String, String> sysctls = new LinkedHashMap<>();
    for (String setting : settings(options)) {
      String[] parts = setting.split("\\.", SYSCTL_PARTS);
      int equals = parts[SYSCTL_PARTS - 1].indexOf('=');
      String last = equals < 0 ? parts[4] : parts[4].substring(0, equals);
      String value = equals < 0 ? "" : parts[4].substring(equals + 1);
      sysctls.put(
          String.join("/", parts[0], parts[1], parts[2], "IFNAME", last.replace('.', '/')), value);
    }
    return new EndpointOptions(options.getOrDefault(IFNAME, ""), sysctls);
  }

  /** What is wrong with them, in Docker's words. */
  static List<String> errors(Map<String, String> options) {
    return settings(options).stream()
        .filter(setting -> !isInterfaceSysctl(setting))
        .map(setting ->
            ("unrecognised network interface sysctl '%s'; represent 'net.X.Y.ethN.Z=V' as"
                    + " 'net.X.Y.IFNAME.Z=V', 'X' must be 'ipv4', 'ipv6' or 'mpls'")
                .formatted(setting))
        .toList();
  }

  private static List<String> settings(Map<String, String> options) {
    String all = options.get(SYSCTLS);
    return all == null ? List.of() : List.of(all.split(",", -1));
  }

  private static boolean isInterfaceSysctl(String setting) {
    String[] parts = setting.split("\\.", SYSCTL_PARTS);
    return parts.length == SYSCTL_PARTS
        && List.of("ipv4", "ipv6", "mpls").contains(parts[FAMILY_PART])
        && List.of("IFNAME", "ifname").contains(parts[INTERFACE_PART]);
  }
}
