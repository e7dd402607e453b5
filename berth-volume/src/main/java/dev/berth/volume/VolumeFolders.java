package dev.berth.volume;

import dev.berth.linux.Fd;
import java.util.Set;

/**
 * What can be done with volumes whose data lies in folders of this host: the seam between {@link
 * VolumeObjects} and the disk. New content is put together in a <em>stage</em>, a folder that no
 * list shows, and becomes visible by one rename. Stages of a crash are taken away by {@link
 * #discard}, which is no error for one that does not exist.
 *
 * <p>All throw {@link dev.berth.linux.LinuxException} or {@link dev.berth.core.EngineException}.
 * Safe for use by any thread; the caller sees to it that changes of one volume do not overlap.
 * Folders are returned open, as the caller's to close.
 */
public interface VolumeFolders {
  /** The name of the data in every stage. */
  String DATA = "_data";

  /**
   * Refuses a name that no volume may have.
   *
   * @throws dev.berth.core.EngineException INVALID
   */
  void requireName(String volume);

  /** Whether there is such a volume. */
  boolean exists(String volume);

  /** Whether somebody has it mounted. */
  boolean isMounted(String volume);

  /** Whether its data lies in its folder, instead of being mounted there from elsewhere. */
  boolean holdsData(String volume);

  /** The folder of all volumes. */
  Fd all();

  /** The data of a volume that holds it. */
  Fd data(String volume);

  /** Makes a stage for a new volume, without data yet. */
  Fd stageVolume(String stage);

  /** Makes a stage inside a volume, without data yet. */
  Fd stageInside(String volume, String stage);

  /** A staged volume takes a name that is free. */
  void publish(String stage, String volume);

  /** A volume's data and the data staged in it change places. */
  void exchange(String volume, String stage);

  /** The data staged in a volume becomes a snapshot of it. */
  void keepSnapshot(String volume, String stage, String snapshot);

  /** A snapshot becomes a stage again, to be discarded. */
  void withdrawSnapshot(String volume, String snapshot, String stage);

  /** The names of a volume's snapshots on the disk. */
  Set<String> snapshots(String volume);

  /** A snapshot's data. */
  Fd snapshot(String volume, String snapshot);

  /** A volume that nobody has mounted takes another name, which is free. */
  void rename(String from, String to);

  /** Removes the stage of a new volume. */
  void discard(String stage);

  /** Removes a stage inside a volume. */
  void discard(String volume, String stage);
}
