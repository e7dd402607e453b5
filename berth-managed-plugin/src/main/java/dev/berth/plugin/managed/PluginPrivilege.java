package dev.berth.plugin.managed;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Something that a plugin wants and a user has to grant.
 *
 * @param name of the kind
 * @param description for the user
 * @param value what exactly; the order does not matter
 */
public record PluginPrivilege(String name, String description, List<String> value) {

  /** Copies the list. */
  public PluginPrivilege {
    value = List.copyOf(value);
  }

  /** All that a configuration wants. */
  static List<PluginPrivilege> of(PluginConfiguration configuration) {
    List<PluginPrivilege> wanted = new ArrayList<>();
    String network = configuration.network();
    if (!network.isEmpty() && !network.equals("null") && !network.equals("bridge")) {
      wanted.add(
          new PluginPrivilege("network", "permissions to access a network", List.of(network)));
    }
    if (configuration.ipcHost()) {
      wanted.add(
          new PluginPrivilege(
              "host ipc namespace", "allow access to host ipc namespace", List.of("true")));
    }
    if (configuration.pidHost()) {
      wanted.add(
          new PluginPrivilege(
              "host pid namespace", "allow access to host pid namespace", List.of("true")));
    }
    for (PluginConfiguration.Mount mount : configuration.mounts()) {
      if (mount.source() != null) {
        wanted.add(new PluginPrivilege("mount", "host path to mount", List.of(mount.source())));
      }
    }
    for (PluginConfiguration.Device device : configuration.linux().devices()) {
      if (device.path() != null) {
        wanted.add(new PluginPrivilege("device", "host device to access", List.of(device.path())));
      }
    }
    if (configuration.linux().allowAllDevices()) {
      wanted.add(
          new PluginPrivilege(
              "allow-all-devices", "allow 'rwm' access to all devices", List.of("true")));
    }
    if (!configuration.linux().capabilities().isEmpty()) {
      wanted.add(
          new PluginPrivilege(
              "capabilities",
              "list of additional capabilities required",
              configuration.linux().capabilities()));
    }
    return wanted;
  }

  /**
   * Compares what is wanted with what was granted: exactly the same, no more and no less, each
   * value counted (CVE-2026-33997 was a comparison that took less).
   *
   * @throws EngineException INVALID where they differ
   */
  static void require(List<PluginPrivilege> wanted, List<PluginPrivilege> granted) {
    if (wanted.size() != granted.size() || !grants(wanted).equals(grants(granted))) {
      throw EngineException.invalid("incorrect privileges");
    }
  }

  private record Grant(String name, List<String> values) {}

  private static Set<Grant> grants(List<PluginPrivilege> privileges) {
    Set<Grant> grants = new HashSet<>();
    privileges.forEach(privilege ->
        grants.add(new Grant(privilege.name(), privilege.value().stream().sorted().toList())));
    return grants;
  }
}
