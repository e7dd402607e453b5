package dev.berth.plugin;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The plugins beside the engine, for all its features: one object for each as long as its address
 * stays, so that a plugin that offers several interfaces is greeted once. Safe for use by any
 * thread.
 */
public final class Plugins {
  private static final System.Logger LOG = System.getLogger(Plugins.class.getName());

  private final PluginSource source;
  private final PluginPatience patience;
  private final Map<Place, Plugin> known = new ConcurrentHashMap<>();

  private record Place(String name, PluginAddress address) {}

  /**
   * @param source knows where they are
   * @param patience how long to wait for them
   */
  public Plugins(PluginSource source, PluginPatience patience) {
    this.source = source;
    this.patience = patience;
  }

  /**
   * The plugin of a name. It is not asked whether it offers the interface: {@link Plugin#require}
   * does that.
   *
   * @param interfaceName for instance {@code VolumeDriver}
   * @throws EngineException where its description cannot be understood
   */
  public Optional<Plugin> find(String interfaceName, String said) {
    String name = source.canonical(said);
    Optional<PluginAddress> address = source.find(interfaceName, name);
    if (address.isEmpty()) {
      known.keySet().removeIf(place -> place.name().equals(name));
    }
    return address.map(found ->
        known.computeIfAbsent(
            new Place(name, found), place -> new Plugin(name, place.address(), patience)));
  }

  /** All that may offer an interface; none is asked, and what cannot be understood is left out. */
  public List<Plugin> candidates(String interfaceName) {
    List<Plugin> candidates = new ArrayList<>();
    for (String name : source.names(interfaceName)) {
      try {
        find(interfaceName, name).ifPresent(candidates::add);
      } catch (EngineException e) {
        LOG.log(System.Logger.Level.DEBUG, "plugin " + name + ": " + e.text(), e);
      }
    }
    return candidates;
  }

  /**
   * The names of those that have said that they offer an interface and are still there, sorted; for
   * {@code info}.
   */
  public List<String> names(String interfaceName) {
    return candidates(interfaceName).stream()
        .filter(plugin -> plugin.offers(interfaceName))
        .map(Plugin::name)
        .sorted()
        .toList();
  }
}
