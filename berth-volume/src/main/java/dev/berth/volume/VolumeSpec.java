package dev.berth.volume;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The volume that a user asks for.
 *
 * @param name empty for an anonymous volume, which gets 64 random hexadecimal digits
 * @param driver the driver's name; empty for whichever driver has the volume, else {@code local}
 * @param options for the driver; null where the user gave none, which inspect shows
 * @param labels the user's labels; null where the user gave none
 */
public record VolumeSpec(
    String name,
    String driver,
    @Nullable Map<String, String> options,
    @Nullable Map<String, String> labels) {

  /** Copies the maps. */
  public VolumeSpec {
    options = options == null ? null : Map.copyOf(options);
    labels = labels == null ? null : Map.copyOf(labels);
  }

  /** A named volume with nothing special. */
  public static VolumeSpec named(String name) {
    return new VolumeSpec(name, "", null, null);
  }

  /** A volume without a name, of a driver. */
  public static VolumeSpec anonymous(String driver) {
    return new VolumeSpec("", driver, null, null);
  }
}
