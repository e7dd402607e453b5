package dev.berth.volume;

import dev.berth.store.Table;
import java.time.Instant;
import java.util.Map;

/**
 * A state of a volume that was kept. It belongs to the volume and goes with it.
 *
 * @param volume the volume's name
 * @param name unique among the volume's snapshots
 * @param created when
 * @param labels the user's labels
 * @param sizeBytes the length of all files in it, -1 while nobody has counted
 * @param method how it was made
 */
public record VolumeSnapshot(
    String volume,
    String name,
    Instant created,
    Map<String, String> labels,
    long sizeBytes,
    DataFolder.Method method) {
  /** All snapshots by {@link #key}. */
  public static final Table<VolumeSnapshot> TABLE =
      new Table<>("volume-snapshots", VolumeSnapshot.class);

  /** Copies the map. */
  public VolumeSnapshot {
    labels = Map.copyOf(labels);
  }

  static String key(String volume, String name) {
    return volume + "/" + name;
  }

  String key() {
    return key(volume, name);
  }

  VolumeSnapshot of(String otherVolume) {
    return new VolumeSnapshot(otherVolume, name, created, labels, sizeBytes, method);
  }

  VolumeSnapshot withSize(long bytes) {
    return new VolumeSnapshot(volume, name, created, labels, bytes, method);
  }
}
