package dev.berth.engine;

import dev.berth.image.ImageStorage;
import dev.berth.image.RegistrySettings;
import dev.berth.network.NetworkStack;
import dev.berth.runtime.Runtime;
import dev.berth.store.Store;
import dev.berth.volume.Volumes;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The features an engine is composed of; the daemon opens them. All are started, and outlive the
 * engine.
 *
 * @param store the state
 * @param imageStorage where images and root file systems lie
 * @param registries how registries are spoken to
 * @param runtimes OCI runtimes by name, among them the default one
 * @param network networks and sandboxes
 * @param volumes all volumes
 * @param journal that the other features were given as their event sink
 * @param clock tells the time
 * @param random makes ids and names
 */
public record EngineFeatures(
    Store store,
    ImageStorage imageStorage,
    RegistrySettings registries,
    Map<String, Runtime> runtimes,
    NetworkStack network,
    Volumes volumes,
    EventJournal journal,
    InstantSource clock,
    RandomGenerator random) {

  /** Copies the map. */
  public EngineFeatures {
    runtimes = Map.copyOf(runtimes);
  }
}
