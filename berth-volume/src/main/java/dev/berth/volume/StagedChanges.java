package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.linux.Fd;
import dev.berth.linux.FileData;
import dev.berth.linux.LinuxException;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts whole contents in place: everything is prepared in a stage, and one rename makes it a new
 * volume, or the content of one that there is.
 */
final class StagedChanges {
  private static final System.Logger LOG = System.getLogger(StagedChanges.class.getName());

  private final ObjectParts parts;

  StagedChanges(ObjectParts parts) {
    this.parts = parts;
  }

  /**
   * Makes a volume of the local driver.
   *
   * @param participle what is done to it, for those who come too early
   * @param fill makes {@link VolumeFolders#DATA} in the stage it is given
   * @throws EngineException CONFLICT when the name is taken
   */
  Volume create(
      String name, @Nullable Map<String, String> labels, String participle, Consumer<Fd> fill) {
    VolumeFolders folders = parts.folders();
    folders.requireName(name);
    try (VolumeActivities.Activity _ = parts.activities().change(name, participle)) {
      requireFree(name, folders);
      String stage = parts.stage();
      try (UndoStack undo = new UndoStack("make volume " + name)) {
        parts.begin(new VolumeIntent(stage, VolumeIntent.Kind.CREATE, name, ""));
        undo.push("forget the intent", () -> parts.end(stage));
        undo.push("discard the stage", () -> folders.discard(stage));
        try (Fd place = folders.stageVolume(stage)) {
          fill.accept(place);
          FileData.syncfs(place);
        }
        Volume made = publish(name, labels, stage, undo);
        undo.commit();
        return made;
      }
    } catch (LinuxException e) {
      throw EngineException.internal("make volume " + name + ": " + e.getMessage(), e);
    }
  }

  private void requireFree(String name, VolumeFolders folders) {
    boolean taken;
    try (NameLocks.Held _ = parts.locks().hold(name)) {
      taken = parts.lookup().existing(VolumeSpec.named(name)).isPresent() || folders.exists(name);
    }
    if (taken) {
      throw EngineException.conflict("volume " + name + " exists already");
    }
  }

  private Volume publish(
      String name, @Nullable Map<String, String> labels, String stage, UndoStack undo) {
    VolumeFolders folders = parts.folders();
    VolumeDriver driver = parts.drivers().driver(VolumeDrivers.DEFAULT);
    try (NameLocks.Held _ = parts.locks().hold(name)) {
      folders.publish(stage, name);
      undo.push("remove the volume", () -> driver.remove(name));
      VolumeRecord made =
          new VolumeRecord(
              name, driver.name(), null, labels, parts.surroundings().clock().instant(), false);
      parts
          .store()
          .update(tx -> {
            tx.put(VolumeRecord.TABLE, name, made);
            tx.remove(VolumeIntent.TABLE, stage);
            return made;
          });
      return parts.lookup().find(name);
    }
  }

  /**
   * Gives a volume that nobody runs with another content.
   *
   * @param fill makes {@link VolumeFolders#DATA} in the stage it is given
   */
  void replace(VolumeRecord volume, String participle, Consumer<Fd> fill) {
    String name = volume.name();
    VolumeFolders folders = parts.requireFolders(volume, participle);
    try (VolumeActivities.Activity _ = begin(name, participle, folders)) {
      String stage = parts.stage();
      try (UndoStack undo = new UndoStack("change volume " + name)) {
        parts.begin(new VolumeIntent(stage, VolumeIntent.Kind.CHANGE, name, ""));
        undo.push("forget the intent", () -> parts.end(stage));
        undo.push("discard the stage", () -> folders.discard(name, stage));
        try (Fd place = folders.stageInside(name, stage)) {
          fill.accept(place);
          FileData.syncfs(place);
        }
        folders.exchange(name, stage);
        undo.commit();
      }
      discardQuietly(folders, name, stage);
    } catch (LinuxException e) {
      throw EngineException.internal(
          "volume " + name + " cannot be " + participle + ": " + e.getMessage(), e);
    }
  }

  /** Takes the volume for a change, if nobody runs with it. */
  VolumeActivities.Activity begin(String name, String participle, VolumeFolders folders) {
    try (NameLocks.Held _ = parts.locks().hold(name)) {
      if (folders.isMounted(name)) {
        throw EngineException.conflict(
            "volume "
                + name
                + " cannot be "
                + participle
                + " while containers run with it: stop them first");
      }
      return parts.activities().change(name, participle);
    }
  }

  /** The old content; if it cannot go now, the next start of the engine takes it away. */
  void discardQuietly(VolumeFolders folders, String name, String stage) {
    try {
      folders.discard(name, stage);
      parts.end(stage);
    } catch (LinuxException | EngineException e) {
      LOG.log(System.Logger.Level.WARNING, "volume " + name + ": discard a stage", e);
    }
  }
}
