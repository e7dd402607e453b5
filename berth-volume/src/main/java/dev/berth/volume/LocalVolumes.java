package dev.berth.volume;

import dev.berth.volume.driver.local.LocalDriver;
import java.nio.file.Path;
import java.time.Duration;

/** Opens the driver whose volumes are folders of this host. */
public final class LocalVolumes implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final LocalDriver driver;

  private LocalVolumes(LocalDriver driver) {
    this.driver = driver;
  }

  /**
   * Opens the driver.
   *
   * @param dataRoot the engine's own folder; the volumes are below {@code volumes} in it, laid out
   *     as Docker does it
   * @throws dev.berth.core.EngineException INTERNAL when the folder cannot be made or read
   */
  public static LocalVolumes open(Path dataRoot) {
    return new LocalVolumes(LocalDriver.open(dataRoot.resolve("volumes"), PATIENCE));
  }

  /** The driver, for {@link VolumeDrivers}. */
  public VolumeDriver driver() {
    return driver;
  }

  /** Closes the folder; what is mounted stays so. */
  @Override
  public void close() {
    driver.close();
  }
}
