package dev.berth.plugin.managed;

/**
 * A plugin as it is kept, with its author's document read once.
 *
 * @param record what the store has
 * @param configuration what the record's document says
 */
record InstalledPlugin(PluginRecord record, PluginConfiguration configuration) {
  static InstalledPlugin of(PluginRecord record) {
    return new InstalledPlugin(record, PluginConfiguration.parse(record.configuration()));
  }

  String id() {
    return record.id();
  }

  String name() {
    return record.name();
  }

  boolean enabled() {
    return record.enabled();
  }

  PluginSettings settings() {
    return record.settings();
  }

  /** Whether it runs and has an interface, such as {@code VolumeDriver}. */
  boolean serves(String interfaceName) {
    return enabled() && configuration.offer().includes(interfaceName);
  }

  InstalledPlugin withEnabled(boolean wanted) {
    return new InstalledPlugin(record.withEnabled(wanted), configuration);
  }

  InstalledPlugin withSettings(PluginSettings wanted) {
    return new InstalledPlugin(record.withSettings(wanted), configuration);
  }

  ManagedPlugin view() {
    return new ManagedPlugin(id(), name(), record.remote(), enabled(), configuration, settings());
  }
}
