package dev.berth.volume;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is observed of a volume.
 *
 * @param scope of its driver
 * @param mountpoint where its data is on the host; empty when the driver does not say
 * @param users the ids of the containers that refer to it, running or not
 * @param details a JSON object from the driver, as {@code inspect} shows it; null for none
 */
public record VolumeStatus(
    VolumeScope scope, String mountpoint, Set<String> users, @Nullable String details) {

  /** Copies the users. */
  public VolumeStatus {
    users = Set.copyOf(users);
  }
}
