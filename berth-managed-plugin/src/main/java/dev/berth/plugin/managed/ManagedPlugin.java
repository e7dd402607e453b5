package dev.berth.plugin.managed;

/**
 * An installed plugin.
 *
 * @param id 64 hexadecimal digits
 * @param name with its tag, as users say it
 * @param remote the reference that it came from, or empty
 * @param enabled whether it is to run
 * @param configuration the author's
 * @param settings what it runs with
 */
public record ManagedPlugin(
    String id,
    String name,
    String remote,
    boolean enabled,
    PluginConfiguration configuration,
    PluginSettings settings) {}
