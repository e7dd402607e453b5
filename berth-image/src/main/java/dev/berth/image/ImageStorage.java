package dev.berth.image;

import dev.berth.core.EngineException;
import dev.berth.image.content.Catalogue;
import dev.berth.image.content.LayerRecord;
import dev.berth.image.content.LayerSession;
import dev.berth.image.content.Layers;
import dev.berth.image.driver.overlay2.OverlayDriver;
import dev.berth.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What images and containers' root filesystems share: the content, the layers and the driver that
 * stacks them. Open it before, and close it after, {@link Images} and {@link RootFilesystems}.
 */
public final class ImageStorage implements AutoCloseable {
  private final Store store;
  private final StorageDriver driver;
  private final Layers layers;
  private final Catalogue catalogue = new Catalogue();

  /**
   * @param settings where and how
   * @param store holds the records of images, names, layers and root filesystems
   * @param random names directories
   * @throws EngineException of kind INVALID for an unknown driver
   */
  public ImageStorage(ImageStorageSettings settings, Store store, RandomGenerator random) {
    this.store = store;
    this.driver = driver(settings.driver());
    Path root = settings.dataRoot().toAbsolutePath().resolve(driver.name());
    this.layers = new Layers(root, store, random);
  }

  private static StorageDriver driver(String name) {
    return switch (name) {
      case "", "overlay2" -> new OverlayDriver();
      default ->
          throw EngineException.invalid(
              "error initializing graphdriver: driver not supported: " + name);
    };
  }

  /**
   * Makes the directories and removes what a crash left half-made.
   *
   * @throws EngineException of kind UNAVAILABLE when the driver does not work here
   */
  public void start() {
    layers.start();
    driver.check(layers.root());
  }

  /** The storage driver's name. */
  public String driverName() {
    return driver.name();
  }

  Store store() {
    return store;
  }

  StorageDriver driver() {
    return driver;
  }

  Layers layers() {
    return layers;
  }

  Catalogue catalogue() {
    return catalogue;
  }

  LayerSession session() {
    return new LayerSession(layers, store);
  }

  StorageDriver.Stack stack(String directory, List<LayerRecord> highestFirst) {
    return new StorageDriver.Stack(
        layers.directory(directory), highestFirst.stream().map(layers::files).toList());
  }

  /** Nothing stays open. */
  @Override
  public void close() {}
}
