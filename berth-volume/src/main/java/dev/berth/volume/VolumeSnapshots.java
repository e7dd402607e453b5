package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** States of volumes that are kept with them, and brought back. */
final class VolumeSnapshots {
  private static final int OPEN_FOLDER = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");

  private final ObjectParts parts;
  private final ContentTaking taking;
  private final StagedChanges changes;

  VolumeSnapshots(ObjectParts parts, ContentTaking taking, StagedChanges changes) {
    this.parts = parts;
    this.taking = taking;
    this.changes = changes;
  }

  VolumeSnapshot take(
      VolumeRecord volume, String wanted, Map<String, String> labels, Stillness stillness) {
    VolumeFolders folders = parts.requireFolder(volume, "kept as a snapshot");
    try (VolumeActivities.Activity _ = parts.activities().read(volume.name(), "snapshotted")) {
      String name = wanted.isEmpty() ? freeName(volume.name()) : wanted;
      requireFree(volume.name(), name);
      VolumeSnapshot taken = take(volume, folders, name, labels, stillness);
      parts.publish("snapshot", volume.name(), Map.of("snapshot", name, "driver", volume.driver()));
      return taken;
    } catch (LinuxException e) {
      throw EngineException.internal(
          "snapshot of volume " + volume.name() + ": " + e.getMessage(), e);
    }
  }

  private VolumeSnapshot take(
      VolumeRecord volume,
      VolumeFolders folders,
      String name,
      Map<String, String> labels,
      Stillness stillness) {
    String stage = parts.stage();
    try (UndoStack undo = new UndoStack("snapshot of volume " + volume.name())) {
      parts.begin(new VolumeIntent(stage, VolumeIntent.Kind.SNAPSHOT, volume.name(), name));
      undo.push("forget the intent", () -> parts.end(stage));
      undo.push("discard the stage", () -> folders.discard(volume.name(), stage));
      DataFolder.Method method;
      try (OpenVolume opened = parts.open(volume.name());
          Fd data = FileCalls.open(opened.path(), OPEN_FOLDER);
          Fd place = folders.stageInside(volume.name(), stage)) {
        method = taking.copy(volume.name(), data, place, stillness, VolumeProgress.NONE);
      }
      VolumeSnapshot taken =
          new VolumeSnapshot(
              volume.name(), name, parts.surroundings().clock().instant(), labels, -1, method);
      try (NameLocks.Held _ = parts.locks().hold(volume.name())) {
        requireFree(volume.name(), name);
        folders.keepSnapshot(volume.name(), stage, name);
        undo.push("withdraw it", () -> withdraw(folders, volume.name(), name, stage));
        commit(taken);
      }
      undo.commit();
      changes.discardQuietly(folders, volume.name(), stage);
      return taken;
    }
  }

  private static void withdraw(VolumeFolders folders, String volume, String name, String stage) {
    folders.discard(volume, stage);
    folders.withdrawSnapshot(volume, name, stage);
    folders.discard(volume, stage);
  }

  /** The intent stays until the empty stage is gone. */
  private void commit(VolumeSnapshot taken) {
    parts
        .store()
        .update(tx -> {
          tx.put(VolumeSnapshot.TABLE, taken.key(), taken);
          return taken;
        });
  }

  private String freeName(String volume) {
    String base =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
            .withZone(ZoneOffset.UTC)
            .format(parts.surroundings().clock().instant());
    String name = base;
    for (int i = 2; find(volume, name) != null; i++) {
      name = base + "-" + i;
    }
    return name;
  }

  private void requireFree(String volume, String name) {
    if (!NAME.matcher(name).matches()) {
      throw EngineException.invalid(
          "\"" + name + "\" is no name for a snapshot: only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }
    if (find(volume, name) != null) {
      throw EngineException.conflict("volume " + volume + " has a snapshot " + name + " already");
    }
  }

  private @Nullable VolumeSnapshot find(String volume, String name) {
    String key = VolumeSnapshot.key(volume, name);
    return parts.store().view(tx -> tx.find(VolumeSnapshot.TABLE, key)).orElse(null);
  }

  VolumeSnapshot require(String volume, String name) {
    VolumeSnapshot found = find(volume, name);
    if (found == null) {
      throw EngineException.notFound("volume " + volume + " has no snapshot " + name);
    }
    return found;
  }

  /** The snapshots of a volume, oldest first; what nobody has counted yet is counted now. */
  List<VolumeSnapshot> of(VolumeRecord volume) {
    List<VolumeSnapshot> found = new ArrayList<>();
    for (VolumeSnapshot snapshot : recorded(volume.name())) {
      found.add(snapshot.sizeBytes() >= 0 ? snapshot : counted(snapshot));
    }
    found.sort(Comparator.comparing(VolumeSnapshot::created));
    return found;
  }

  private List<VolumeSnapshot> recorded(String volume) {
    return parts.store().view(tx -> tx.all(VolumeSnapshot.TABLE)).values().stream()
        .filter(snapshot -> snapshot.volume().equals(volume))
        .toList();
  }

  private VolumeSnapshot counted(VolumeSnapshot snapshot) {
    try (Fd data = parts.folders().snapshot(snapshot.volume(), snapshot.name())) {
      VolumeSnapshot counted = snapshot.withSize(VolumeSize.measure(data));
      parts
          .store()
          .update(tx -> {
            if (tx.find(VolumeSnapshot.TABLE, counted.key()).isPresent()) {
              tx.put(VolumeSnapshot.TABLE, counted.key(), counted);
            }
            return counted;
          });
      return counted;
    } catch (LinuxException gone) {
      return snapshot;
    }
  }

  /** The record goes first, so that a crash leaves at most a folder that nobody knows. */
  void remove(VolumeRecord volume, String name) {
    VolumeFolders folders = parts.folders();
    String stage = parts.stage();
    try (VolumeActivities.Activity _ = parts.activities().read(volume.name(), "snapshotted");
        NameLocks.Held _ = parts.locks().hold(volume.name())) {
      VolumeSnapshot gone = require(volume.name(), name);
      VolumeIntent intent =
          new VolumeIntent(stage, VolumeIntent.Kind.SNAPSHOT, volume.name(), name);
      parts
          .store()
          .update(tx -> {
            tx.put(VolumeIntent.TABLE, stage, intent);
            tx.remove(VolumeSnapshot.TABLE, gone.key());
            return intent;
          });
      folders.withdrawSnapshot(volume.name(), name, stage);
    } catch (LinuxException e) {
      throw EngineException.internal("remove snapshot " + name + ": " + e.getMessage(), e);
    }
    changes.discardQuietly(folders, volume.name(), stage);
    parts.publish(
        "snapshot-remove", volume.name(), Map.of("snapshot", name, "driver", volume.driver()));
  }

  /** The volume gets the content that the snapshot has; the snapshot stays. */
  void restore(VolumeRecord volume, String name, VolumeProgress progress) {
    require(volume.name(), name);
    changes.replace(
        volume,
        "restored",
        place -> {
          try (Fd data = parts.folders().snapshot(volume.name(), name)) {
            taking.copy(volume.name(), data, place, Stillness.NONE, progress);
          }
        });
    parts.publish("restore", volume.name(), Map.of("snapshot", name, "driver", volume.driver()));
  }
}
