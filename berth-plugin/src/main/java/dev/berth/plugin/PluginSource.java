package dev.berth.plugin;

import dev.berth.core.EngineException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where plugins are known from: folders with sockets and descriptions, or a registry of installed
 * ones. Asked anew at each use, so that plugins come and go without a restart of the engine.
 * Implementations are safe for use by any thread and never wait for a plugin.
 */
public interface PluginSource {
  /** No plugins at all. */
  PluginSource NONE = firstOf(List.of());

  /**
   * Where a plugin listens.
   *
   * @param interfaceName for instance {@code VolumeDriver}; a source that only knows sockets cannot
   *     tell what is behind one and ignores it
   * @param name the plugin's name as users say it
   * @throws EngineException where there is a description of it that cannot be understood
   */
  Optional<PluginAddress> find(String interfaceName, String name);

  /** The names of all plugins that may offer an interface. */
  Set<String> names(String interfaceName);

  /** The one name of a plugin that may be said in several ways. */
  default String canonical(String name) {
    return name;
  }

  /** Several sources as one; the first that knows a name decides. */
  static PluginSource firstOf(List<PluginSource> sources) {
    List<PluginSource> all = List.copyOf(sources);
    return new PluginSource() {
      @Override
      public Optional<PluginAddress> find(String interfaceName, String name) {
        return all.stream()
            .flatMap(source -> source.find(interfaceName, name).stream())
            .findFirst();
      }

      @Override
      public String canonical(String name) {
        return all.stream()
            .map(source -> source.canonical(name))
            .filter(canonical -> !canonical.equals(name))
            .findFirst()
            .orElse(name);
      }

      @Override
      public Set<String> names(String interfaceName) {
        Set<String> names = new TreeSet<>();
        all.forEach(source -> names.addAll(source.names(interfaceName)));
        return names;
      }
    };
  }
}
