package dev.berth.volume;

/**
 * A volume as the engine knows it.
 *
 * @param record what is kept
 * @param status what is observed
 */
public record Volume(VolumeRecord record, VolumeStatus status) {
  /** Its name. */
  public String name() {
    return record.name();
  }

  /** Its driver's name. */
  public String driver() {
    return record.driver();
  }

  /** Where its data is; empty when the driver does not say. */
  public String mountpoint() {
    return status.mountpoint();
  }
}
