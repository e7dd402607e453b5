package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.image.Image;
import dev.berth.network.Networks;
import dev.berth.network.Sandboxes;
import dev.berth.runtime.Runtime;
import dev.berth.store.Store;
import dev.berth.volume.Volumes;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What the operations on containers are made of.
 *
 * @param settings of the engine
 * @param store its state
 * @param images finds an image by its reference
 * @param roots of containers
 * @param storageDriver the name of what keeps them
 * @param runtimes by name
 * @param networks all networks
 * @param sandboxes network namespaces of containers
 * @param volumes all volumes
 * @param journal is told what happened
 * @param surroundings time and chance
 */
record Features(
    EngineSettings settings,
    Store store,
    Function<String, Image> images,
    Roots roots,
    String storageDriver,
    Map<String, Runtime> runtimes,
    Networks networks,
    Sandboxes sandboxes,
    Volumes volumes,
    EventJournal journal,
    Surroundings surroundings) {

  /**
   * Time and chance, injected.
   *
   * @param clock tells the time
   * @param timers run things later
   * @param random names containers
   * @param ids makes ids
   */
  record Surroundings(InstantSource clock, Timers timers, RandomGenerator random, Ids ids) {}

  /** The runtime of a name; empty for the default. */
  Runtime runtime(String name) {
    Runtime runtime = runtimes.get(name.isEmpty() ? settings.defaults().runtime() : name);
    if (runtime == null) {
      throw EngineException.invalid("unknown or invalid runtime name: " + name);
    }
    return runtime;
  }

  InstantSource clock() {
    return surroundings.clock();
  }
}
