package dev.berth.plugin.managed;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a plugin runs with: the author's values with the user's in their place.
 *
 * @param mounts with their sources
 * @param environment each {@code NAME=value}
 * @param arguments after the entry point
 * @param devices with their paths
 */
public record PluginSettings(
    List<PluginConfiguration.Mount> mounts,
    List<String> environment,
    List<String> arguments,
    List<PluginConfiguration.Device> devices) {

  /** Copies the lists. */
  public PluginSettings {
    mounts = List.copyOf(mounts);
    environment = List.copyOf(environment);
    arguments = List.copyOf(arguments);
    devices = List.copyOf(devices);
  }

  /** The author's own. */
  static PluginSettings of(PluginConfiguration configuration) {
    List<String> environment = new ArrayList<>();
    for (PluginConfiguration.Variable variable : configuration.environment()) {
      if (variable.value() != null) {
        environment.add(variable.name() + "=" + variable.value());
      }
    }
    return new PluginSettings(
        configuration.mounts(),
        environment,
        configuration.arguments().value(),
        configuration.linux().devices());
  }

  /**
   * With what a user sets.
   *
   * @param assignments each {@code name=value} or {@code name.field=value}
   * @throws EngineException INVALID for a name that is not there or may not be set
   */
  PluginSettings with(PluginConfiguration configuration, List<String> assignments) {
    PluginSettings settings = this;
    for (String assignment : assignments) {
      settings = settings.with(configuration, Assignment.parse(assignment));
    }
    return settings;
  }

  private PluginSettings with(PluginConfiguration configuration, Assignment assignment) {
    for (PluginConfiguration.Variable variable : configuration.environment()) {
      if (variable.name().equals(assignment.name())) {
        assignment.require("value", variable.settable());
        return new PluginSettings(mounts, replaced(assignment), arguments, devices);
      }
    }
    for (PluginConfiguration.Mount mount : configuration.mounts()) {
      if (mount.name().equals(assignment.name())) {
        assignment.require("source", mount.settable());
        return new PluginSettings(sourced(assignment), environment, arguments, devices);
      }
    }
    for (PluginConfiguration.Device device : configuration.linux().devices()) {
      if (device.name().equals(assignment.name())) {
        assignment.require("path", device.settable());
        return new PluginSettings(mounts, environment, arguments, pathed(assignment));
      }
    }
    if (configuration.arguments().name().equals(assignment.name())) {
      assignment.require("value", configuration.arguments().settable());
      return new PluginSettings(
          mounts, environment, List.of(assignment.value().split(" ")), devices);
    }
    throw EngineException.invalid(
        "setting \"" + assignment.name() + "\" not found in the plugin configuration");
  }

  private List<String> replaced(Assignment assignment) {
    List<String> result = new ArrayList<>(environment);
    result.removeIf(entry -> entry.startsWith(assignment.name() + "="));
    result.add(assignment.name() + "=" + assignment.value());
    return result;
  }

  private List<PluginConfiguration.Mount> sourced(Assignment assignment) {
    return mounts.stream()
        .map(mount ->
            mount.name().equals(assignment.name())
                ? new PluginConfiguration.Mount(
                    mount.name(),
                    mount.description(),
                    mount.settable(),
                    assignment.value(),
                    mount.destination(),
                    mount.type(),
                    mount.options())
                : mount)
        .toList();
  }

  private List<PluginConfiguration.Device> pathed(Assignment assignment) {
    return devices.stream()
        .map(device ->
            device.name().equals(assignment.name())
                ? new PluginConfiguration.Device(
                    device.name(), device.description(), device.settable(), assignment.value())
                : device)
        .toList();
  }

  /** One {@code name.field=value}. */
  private record Assignment(String name, String field, String value) {
    static Assignment parse(String text) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw EngineException.invalid("invalid format for setting \"" + text + "\"");
      }
      String left = text.substring(0, equals);
      int dot = left.indexOf('.');
      String name = dot < 0 ? left : left.substring(0, dot);
      String field = dot < 0 ? "" : left.substring(dot + 1);
      return new Assignment(name, field, text.substring(equals + 1));
    }

    void require(String onlyField, List<String> settable) {
      boolean meant = field.isEmpty() || field.equals(onlyField);
      if (!meant || !settable.contains(onlyField)) {
        String shown = field.isEmpty() ? name : name + "." + field;
        throw EngineException.invalid("\"" + shown + "\" is not settable");
      }
    }
  }
}
