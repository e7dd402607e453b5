package dev.berth.volume;

import java.util.List;

/**
 * What {@code volume ls} answers.
 *
 * @param volumes those that match, in the order of their names
 * @param warnings what went wrong with single drivers
 */
public record VolumeList(List<Volume> volumes, List<String> warnings) {
  /** Copies the lists. */
  public VolumeList {
    volumes = List.copyOf(volumes);
    warnings = List.copyOf(warnings);
  }
}
