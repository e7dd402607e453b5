package dev.berth.volume;

import dev.berth.store.Table;

/**
 * An operation on a volume as an object that has begun. It is stored before the first step and
 * taken away with the commit; one that is found at a start was cut short by a crash and is unwound.
 *
 * @param stage the id of its stage, by which it is also stored
 * @param kind what was begun
 * @param volume the volume; of a rename the name before
 * @param target a snapshot's name, the name after a rename, or the path of a frozen file system
 */
public record VolumeIntent(String stage, Kind kind, String volume, String target) {
  /** All intents by their stage. */
  public static final Table<VolumeIntent> TABLE = new Table<>("volume-intents", VolumeIntent.class);

  /** What was begun. */
  public enum Kind {
    /** A new volume is put together. */
    CREATE,
    /** A volume's content is read through a stage, or exchanged. */
    CHANGE,
    /** A snapshot is taken or removed. */
    SNAPSHOT,
    /** A volume gets another name. */
    RENAME,
    /** A file system is held still. */
    FREEZE
  }
}
