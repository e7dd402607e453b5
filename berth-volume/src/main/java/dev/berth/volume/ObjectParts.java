package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.core.Event;
import dev.berth.core.EventSink;
import dev.berth.core.Ids;
import dev.berth.store.Store;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What the operations on volumes as objects share with {@link Volumes}.
 *
 * @param store where records and intents are kept
 * @param drivers what holds the data
 * @param lookup finds volumes
 * @param mounts makes their data reachable
 * @param locks one a name
 * @param users who refers to what
 * @param activities what is under way
 * @param surroundings whom to tell, ids and the time
 */
record ObjectParts(
    Store store,
    VolumeDrivers drivers,
    VolumeLookup lookup,
    VolumeMounts mounts,
    NameLocks locks,
    VolumeUsers users,
    VolumeActivities activities,
    Surroundings surroundings) {

  /**
   * What is outside.
   *
   * @param events told after each commit
   * @param ids for stages and uses
   * @param clock for snapshots and events
   */
  record Surroundings(EventSink events, Ids ids, InstantSource clock) {}

  /** The folders of the local driver. */
  VolumeFolders folders() {
    return drivers.driver(VolumeDrivers.DEFAULT).folders().orElseThrow(ObjectParts::noFolders);
  }

  /** The folders in which a volume lies whose data is its own. */
  Optional<VolumeFolders> foldersOf(VolumeRecord volume) {
    return drivers
        .driver(volume.driver())
        .folders()
        .filter(folders -> folders.holdsData(volume.name()));
  }

  /**
   * The same, or a refusal.
   *
   * @param operation as in "cannot be …"
   */
  VolumeFolders requireFolders(VolumeRecord volume, String operation) {
    return foldersOf(volume)
        .orElseThrow(() ->
            EngineException.conflict(
                "volume "
                    + volume.name()
                    + " cannot be "
                    + operation
                    + ": its data does not lie in a folder of the engine's own"));
  }

  /**
   * The folders in which a volume has one of its own, though its data may be mounted from
   * elsewhere; or a refusal.
   *
   * @param operation as in "cannot be …"
   */
  VolumeFolders requireFolder(VolumeRecord volume, String operation) {
    return drivers
        .driver(volume.driver())
        .folders()
        .filter(folders -> folders.exists(volume.name()))
        .orElseThrow(() ->
            EngineException.conflict(
                "volume "
                    + volume.name()
                    + " cannot be "
                    + operation
                    + ": its driver "
                    + volume.driver()
                    + " keeps it"));
  }

  /** Makes a volume's data reachable, wherever it lies. */
  OpenVolume open(String name) {
    VolumeUse use = new VolumeUse(surroundings.ids().next(), "", true, "");
    return new OpenVolume(mounts.mount(name, use).path(), () -> mounts.unmount(name, use));
  }

  private static EngineException noFolders() {
    return EngineException.notImplemented("the local driver keeps no folders");
  }

  void begin(VolumeIntent intent) {
    store.update(tx -> {
      tx.put(VolumeIntent.TABLE, intent.stage(), intent);
      return intent;
    });
  }

  void end(String stage) {
    store.update(tx -> {
      tx.remove(VolumeIntent.TABLE, stage);
      return stage;
    });
  }

  String stage() {
    return surroundings.ids().next().substring(0, 16);
  }

  void publish(String action, String name, Map<String, String> attributes) {
    surroundings
        .events()
        .publish(
            new Event(Event.Type.VOLUME, action, name, attributes, surroundings.clock().instant()));
  }
}
