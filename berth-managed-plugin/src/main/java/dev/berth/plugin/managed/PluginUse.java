package dev.berth.plugin.managed;

/** Says whether something depends on a plugin. */
@FunctionalInterface
public interface PluginUse {
  /** Whether a volume or network has this driver. Asks no plugin. */
  boolean isUsed(String pluginName);
}
