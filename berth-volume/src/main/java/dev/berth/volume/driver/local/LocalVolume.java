package dev.berth.volume.driver.local;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One volume of the local driver. Calls for it never overlap, as the driver's contract says. */
final class LocalVolume {
  private final VolumeFolder folder;
  private final Set<String> users = new HashSet<>();
  private @Nullable LocalOptions options;
  private boolean mounted;

  LocalVolume(VolumeFolder folder) {
    this.folder = folder;
  }

  VolumeFolder folder() {
    return folder;
  }

  /** Read when first needed, so that a start does not open a file for each volume. */
  LocalOptions options() {
    LocalOptions known = options;
    if (known == null) {
      known = folder.readOptions();
      options = known;
    }
    return known;
  }

  Set<String> users() {
    return users;
  }

  boolean isMounted() {
    return mounted;
  }

  void setMounted(boolean mounted) {
    this.mounted = mounted;
  }
}
