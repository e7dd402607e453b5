package dev.berth.image;

import dev.berth.core.EngineException;
import dev.berth.image.content.Catalogue;
import dev.berth.image.content.ImageTables;
import dev.berth.image.content.LayerSession;
import dev.berth.image.content.Layers;
import dev.berth.image.content.RootFilesystemRecord;
import dev.berth.store.Store;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What images and containers' root filesystems share: the content, the layers and the drivers that
 * stack them. Layers are kept in one form for all drivers, so that every driver sees all images;
 * the root of a container stays with the driver that made it. Open it before, and close it after,
 * {@link Images} and {@link RootFilesystems}.
 */
public final class ImageStorage implements AutoCloseable {
  private static final String LAYERS = "layers";

  /** Layers once had no directory of their own. */
  private static final String LAYERS_EARLIER = "overlay2";

  private final ImageStorageSettings settings;
  private final Store store;
  private final Layers layers;
  private final StorageDrivers drivers;
  private final Catalogue catalogue = new Catalogue();
  private @Nullable StorageDriver driver;

  /**
   * @param settings where and how
   * @param store holds the records of images, names, layers and root filesystems
   * @param random names directories
   * @throws EngineException of kind INVALID for a driver or an option that there is not
   */
  public ImageStorage(ImageStorageSettings settings, Store store, RandomGenerator random) {
    this.settings = settings;
    this.store = store;
    Path root = settings.dataRoot().toAbsolutePath();
    this.layers = new Layers(root.resolve(LAYERS), store, random);
    this.drivers = new StorageDrivers(root);
    this.driver =
        settings.driver().isEmpty() ? null : drivers.make(settings.driver(), settings.options());
  }

  /**
   * Makes the directories, chooses the driver and removes what a crash left half-made.
   *
   * @throws EngineException of kind UNAVAILABLE when the driver does not work here
   */
  public void start() {
    layers.start(settings.dataRoot().toAbsolutePath().resolve(LAYERS_EARLIER));
    StorageDriver chosen = driver;
    if (chosen == null) {
      chosen = drivers.choose();
      driver = chosen;
    } else {
      chosen.check();
    }
    retain(chosen);
    drivers.present(chosen).forEach(this::retain);
  }

  private void retain(StorageDriver one) {
    Set<String> homes = new HashSet<>();
    Set<String> bases = new HashSet<>();
    store.view(transaction -> {
      for (RootFilesystemRecord container :
          transaction.all(ImageTables.ROOT_FILESYSTEMS).values()) {
        if (container.driverName().equals(one.name())) {
          homes.add(container.directory());
          bases.add(container.initDirectory());
        }
      }
      return homes.size();
    });
    one.retain(homes, bases);
  }

  /** The storage driver's name. */
  public String driverName() {
    return driver().name();
  }

  /** What {@code info} tells of the storage driver. */
  public List<StorageDriver.Fact> driverStatus() {
    return driver().status();
  }

  Store store() {
    return store;
  }

  /** The one that makes roots of new containers. */
  StorageDriver driver() {
    return Objects.requireNonNull(driver, "used before it was started");
  }

  /** The one that made the root of a container. */
  StorageDriver driverOf(RootFilesystemRecord container) {
    StorageDriver current = driver();
    String name = container.driverName();
    return name.equals(current.name()) ? current : drivers.other(name);
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

  /** Nothing stays open. */
  @Override
  public void close() {}
}
