package dev.berth.server;

import dev.berth.api.Plugin;
import dev.berth.plugin.managed.ManagedPlugin;
import dev.berth.plugin.managed.PluginConfiguration;
import dev.berth.plugin.managed.PluginPrivilege;
import dev.berth.plugin.managed.PluginSettings;
import java.util.List;

/** Managed plugins as the API shows them. */
final class PluginMapper {
  private PluginMapper() {}

  static Plugin json(ManagedPlugin plugin) {
    return new Plugin(
        config(plugin.configuration()),
        plugin.enabled(),
        plugin.id(),
        plugin.name(),
        plugin.remote(),
        settings(plugin.settings()));
  }

  private static Plugin.Config config(PluginConfiguration configuration) {
    PluginConfiguration.Offer offer = configuration.offer();
    PluginConfiguration.Linux linux = configuration.linux();
    PluginConfiguration.User user = configuration.user();
    PluginConfiguration.Arguments arguments = configuration.arguments();
    return new Plugin.Config(
        new Plugin.Offer(offer.protocolScheme(), offer.socket(), offer.types()),
        new Plugin.Arguments(
            arguments.description(), arguments.name(), arguments.settable(), arguments.value()),
        configuration.description(),
        configuration.documentation(),
        configuration.entrypoint(),
        configuration.environment().stream()
            .map(variable ->
                new Plugin.Variable(
                    variable.description(), variable.name(), variable.settable(), variable.value()))
            .toList(),
        configuration.ipcHost(),
        new Plugin.Linux(linux.allowAllDevices(), linux.capabilities(), devices(linux.devices())),
        mounts(configuration.mounts()),
        new Plugin.Network(configuration.network()),
        configuration.pidHost(),
        configuration.propagatedMount(),
        new Plugin.User(user.gid(), user.uid()),
        configuration.workingDirectory());
  }

  private static Plugin.Settings settings(PluginSettings settings) {
    return new Plugin.Settings(
        settings.arguments(),
        devices(settings.devices()),
        settings.environment(),
        mounts(settings.mounts()));
  }

  private static List<Plugin.Device> devices(List<PluginConfiguration.Device> devices) {
    return devices.stream()
        .map(device ->
            new Plugin.Device(
                device.description(), device.name(), device.path(), device.settable()))
        .toList();
  }

  private static List<Plugin.Mount> mounts(List<PluginConfiguration.Mount> mounts) {
    return mounts.stream()
        .map(mount ->
            new Plugin.Mount(
                mount.description(),
                mount.destination(),
                mount.name(),
                mount.options(),
                mount.settable(),
                mount.source(),
                mount.type()))
        .toList();
  }

  static dev.berth.api.PluginPrivilege json(PluginPrivilege privilege) {
    return new dev.berth.api.PluginPrivilege(
        privilege.name(), privilege.description(), privilege.value());
  }

  static PluginPrivilege privilege(dev.berth.api.PluginPrivilege privilege) {
    List<String> value = privilege.value();
    return new PluginPrivilege(
        privilege.name(), privilege.description(), value == null ? List.of() : value);
  }
}
