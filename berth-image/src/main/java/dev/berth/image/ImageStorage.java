package dev.berth.image;

import dev.berth.store.Store;
import java.util.random.RandomGenerator;

/**
 * What images and containers' root filesystems share: the content, the layers and the driver that
 * stacks them. Open it before, and close it after, {@link Images} and {@link RootFilesystems}.
 */
public final class ImageStorage implements AutoCloseable {
  private final ImageStorageSettings settings;
  private final Store store;
  private final RandomGenerator random;

  /**
   * @param settings where and how
   * @param store holds the records of images, names, layers and root filesystems
   * @param random names directories
   */
  public ImageStorage(ImageStorageSettings settings, Store store, RandomGenerator random) {
    this.settings = settings;
    this.store = store;
    this.random = random;
  }

  /**
   * Makes the directories and removes what a crash left half-made.
   *
   * @throws dev.berth.core.EngineException of kind INTERNAL when the driver does not work here
   */
  public void start() {
    throw new UnsupportedOperationException(settings + " " + store + " " + random);
  }

  /** The storage driver's name. */
  public String driverName() {
    return settings.driver();
  }

  @Override
  public void close() {}
}
