package dev.berth.image;

import java.nio.file.Path;

/**
 * Where and how images are kept.
 *
 * @param dataRoot the engine's data root; images use {@code image} and the driver's name below it
 * @param driver {@code overlay2} or {@code vfs}
 */
public record ImageStorageSettings(Path dataRoot, String driver) {}
