package dev.berth.image;

import java.nio.file.Path;
import java.util.List;

/**
 * Where and how images are kept.
 *
 * @param dataRoot the engine's data root; layers are in {@code layers} below it, roots of
 *     containers below the driver's name
 * @param driver {@code overlay2}, {@code vfs} or {@code btrfs}; empty for the first that works
 * @param options of the driver, {@code driver.option=value}
 */
public record ImageStorageSettings(Path dataRoot, String driver, List<String> options) {

  /** Copies the list. */
  public ImageStorageSettings {
    options = List.copyOf(options);
  }
}
