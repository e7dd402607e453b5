package dev.berth.image;

import java.util.List;

/**
 * How registries are spoken to.
 *
 * @param insecureRegistries hosts (with port) or CIDR blocks that may be spoken to by plain HTTP or
 *     with an unknown certificate; 127.0.0.0/8 and ::1 always may
 * @param mirrors base URLs tried before docker.io
 * @param maximumConcurrentDownloads layers of one pull at a time
 * @param maximumConcurrentUploads layers of one push at a time
 */
public record RegistrySettings(
    List<String> insecureRegistries,
    List<String> mirrors,
    int maximumConcurrentDownloads,
    int maximumConcurrentUploads) {

  /** Docker's defaults. */
  public static final RegistrySettings DEFAULT = new RegistrySettings(List.of(), List.of(), 3, 5);

  /** Copies the lists. */
  public RegistrySettings {
    insecureRegistries = List.copyOf(insecureRegistries);
    mirrors = List.copyOf(mirrors);
  }
}
