package dev.berth.volume;

import dev.berth.store.Table;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a volume.
 *
 * @param name unique on this host
 * @param driver the driver that holds it
 * @param options as the user gave them, null where none
 * @param labels as the user gave them, null where none; an anonymous volume has {@link
 *     Volumes#ANONYMOUS_LABEL}
 * @param created when
 * @param removing whether its removal has begun; a restart finishes it
 */
public record VolumeRecord(
    String name,
    String driver,
    @Nullable Map<String, String> options,
    @Nullable Map<String, String> labels,
    Instant created,
    boolean removing) {
  /** All volumes by name. */
  public static final Table<VolumeRecord> TABLE = new Table<>("volumes", VolumeRecord.class);

  /** Copies the maps. */
  public VolumeRecord {
    options = options == null ? null : Map.copyOf(options);
    labels = labels == null ? null : Map.copyOf(labels);
  }

  VolumeRecord asRemoving(boolean begun) {
    return new VolumeRecord(name, driver, options, labels, created, begun);
  }

  VolumeRecord withLabels(Map<String, String> others) {
    return new VolumeRecord(name, driver, options, others, created, removing);
  }

  /** Whether it was made with options, so that prune leaves it alone, as Docker's does. */
  public boolean hasOptions() {
    return options != null && !options.isEmpty();
  }

  /** Whether its data may lie elsewhere, so that its size is not counted. */
  boolean liesElsewhere() {
    return options != null && !Set.of("size").containsAll(options.keySet());
  }
}
