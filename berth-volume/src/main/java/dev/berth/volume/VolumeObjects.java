package dev.berth.volume;

import dev.berth.archive.Compression;
import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.store.WriteTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Operations on volumes as whole objects: written as an archive and read from one, copied, kept as
 * a snapshot and brought back, renamed, relabelled. Each either happens as a whole or not at all,
 * also when the engine is killed in its midst.
 *
 * <p>Any volume can be exported and copied from; what changes a volume as a whole needs one whose
 * data lies in a folder of the local driver. Operations that would disturb each other are refused
 * with CONFLICT. Safe for use by any thread; most calls take as long as the data is large.
 */
public final class VolumeObjects {
  private static final int OPEN_FOLDER = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  private final ObjectParts parts;
  private final ContentTaking taking;
  private final StagedChanges changes;
  private final VolumeSnapshots snapshots;
  private final VolumeReadings readings;

  VolumeObjects(ObjectParts parts) {
    this.parts = parts;
    this.taking = new ContentTaking(parts);
    this.changes = new StagedChanges(parts);
    this.snapshots = new VolumeSnapshots(parts, taking, changes);
    this.readings = new VolumeReadings(parts);
  }

  /** Unwinds what a crash has interrupted; called once at the start, before anything else. */
  void recover() {
    new ObjectRecovery(parts).run();
  }

  /**
   * What to export.
   *
   * @param volume the volume's name
   * @param snapshot one of its snapshots instead of its present content; empty for none
   * @param compression of the stream: none, gzip or zstd
   */
  public record Export(String volume, String snapshot, Compression compression) {}

  /**
   * Writes a volume's content as a tar stream, as {@code tar -c -C DATA .} does. Where blocks can
   * be shared, the users are held still only until a copy is made, from which the stream is read.
   *
   * @param out stays open
   */
  public void export(Export export, Stillness stillness, OutputStream out) throws IOException {
    VolumeRecord volume = require(export.volume());
    if (!export.snapshot().isEmpty()) {
      snapshots.require(volume.name(), export.snapshot());
    }
    try (VolumeActivities.Activity _ = parts.activities().read(volume.name(), "exported")) {
      run("volume-export", () -> exportHere(volume, export, stillness, out));
    }
    parts.publish("export", volume.name(), Map.of("driver", volume.driver()));
  }

  private void exportHere(VolumeRecord volume, Export export, Stillness stillness, OutputStream out)
      throws IOException {
    if (!export.snapshot().isEmpty()) {
      try (Fd data = parts.folders().snapshot(volume.name(), export.snapshot())) {
        VolumeArchive.write(data, export.compression(), out);
      }
      return;
    }
    try (OpenVolume opened = parts.open(volume.name());
        Fd data = FileCalls.open(opened.path(), OPEN_FOLDER)) {
      boolean staged =
          stillness.consistency() == Stillness.Consistency.PAUSE && canShare(volume, data);
      if (staged) {
        exportStaged(volume, data, export.compression(), stillness, out);
      } else {
        taking.still(
            volume.name(),
            data,
            stillness,
            () -> VolumeArchive.write(data, export.compression(), out));
      }
    }
  }

  private boolean canShare(VolumeRecord volume, Fd data) {
    return parts
        .foldersOf(volume)
        .map(folders -> {
          try (Fd all = folders.all()) {
            return DataFolder.method(data, all) != DataFolder.Method.COPY;
          }
        })
        .orElse(false);
  }

  private void exportStaged(
      VolumeRecord volume, Fd data, Compression compression, Stillness stillness, OutputStream out)
      throws IOException {
    VolumeFolders folders = parts.folders();
    String stage = parts.stage();
    parts.begin(new VolumeIntent(stage, VolumeIntent.Kind.CHANGE, volume.name(), ""));
    try (Fd place = folders.stageInside(volume.name(), stage)) {
      taking.copy(volume.name(), data, place, stillness, VolumeProgress.NONE);
      try (Fd copy = DataFolder.open(place, VolumeFolders.DATA)) {
        VolumeArchive.write(copy, compression, out);
      }
    } finally {
      changes.discardQuietly(folders, volume.name(), stage);
    }
  }

  /**
   * What to import.
   *
   * @param volume made where it does not exist
   * @param labels of a volume that is made; null for none
   * @param strippedComponents leading parts of the archive's names that are left out
   * @param onto what may be there already
   */
  public record Import(
      String volume, @Nullable Map<String, String> labels, int strippedComponents, Onto onto) {}

  /** What may be in a volume that an archive is imported into. */
  public enum Onto {
    /** Nothing: the volume does not exist or is empty. */
    EMPTY,
    /** Files that stay where the archive does not have the same names. */
    MERGE,
    /** Files that go. */
    REPLACE
  }

  /**
   * Reads a tar archive, compressed or not, into a volume. The volume is changed when the whole
   * archive is there and sound, not before.
   */
  public Volume importArchive(Import request, InputStream in) throws IOException {
    VolumeRecord existing = parts.lookup().record(request.volume());
    Volume filled;
    if (existing == null) {
      filled =
          call(
              "volume-import",
              () ->
                  changes.create(
                      request.volume(),
                      request.labels(),
                      "imported",
                      place -> unpack(request, place, in)));
      parts.publish("create", filled.name(), Map.of("driver", filled.driver()));
    } else {
      requireRoom(existing, request.onto());
      run("volume-import", () -> importInto(existing, request, in));
      filled = parts.lookup().find(request.volume());
    }
    parts.publish("import", filled.name(), Map.of("driver", filled.driver()));
    return filled;
  }

  private void requireRoom(VolumeRecord volume, Onto onto) {
    VolumeFolders folders = parts.requireFolders(volume, "imported into");
    if (onto == Onto.EMPTY) {
      try (Fd data = folders.data(volume.name())) {
        if (!FileCalls.list(data).isEmpty()) {
          throw EngineException.conflict(
              "volume "
                  + volume.name()
                  + " is not empty: choose to merge the archive into it, or to replace what is"
                  + " there");
        }
      }
    }
  }

  private void importInto(VolumeRecord volume, Import request, InputStream in) {
    changes.replace(
        volume,
        "imported into",
        place -> {
          if (request.onto() == Onto.MERGE) {
            try (Fd data = parts.folders().data(volume.name())) {
              taking.copy(volume.name(), data, place, Stillness.NONE, VolumeProgress.NONE);
            }
          }
          unpack(request, place, in);
        });
  }

  private static void unpack(Import request, Fd place, InputStream in) {
    if (FileCalls.statxIfExists(place, VolumeFolders.DATA) == null) {
      DataFolder.make(place, VolumeFolders.DATA);
    }
    try (Fd data = DataFolder.open(place, VolumeFolders.DATA)) {
      VolumeArchive.read(in, data, request.strippedComponents());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Copies a volume into a new one of the local driver.
   *
   * @param source any volume
   * @param target a name that is free
   * @param labels of the new volume; null for those of the source
   */
  public record Copy(String source, String target, @Nullable Map<String, String> labels) {}

  /** Makes a volume with the content that another one has. */
  public Volume copy(Copy copy, Stillness stillness, VolumeProgress progress) throws IOException {
    VolumeRecord source = require(copy.source());
    Map<String, String> labels = copy.labels() == null ? inherited(source) : copy.labels();
    Volume made;
    try (VolumeActivities.Activity _ = parts.activities().read(source.name(), "copied")) {
      made =
          call(
              "volume-copy",
              () ->
                  changes.create(
                      copy.target(),
                      labels,
                      "made as a copy",
                      place -> copyInto(source, place, stillness, progress)));
    }
    parts.publish("create", made.name(), Map.of("driver", made.driver()));
    parts.publish("copy", made.name(), Map.of("driver", made.driver(), "source", source.name()));
    return made;
  }

  private void copyInto(
      VolumeRecord source, Fd place, Stillness stillness, VolumeProgress progress) {
    try (OpenVolume opened = parts.open(source.name());
        Fd data = FileCalls.open(opened.path(), OPEN_FOLDER)) {
      taking.copy(source.name(), data, place, stillness, progress);
    }
  }

  /** A copy was given a name, so it is not anonymous. */
  private static @Nullable Map<String, String> inherited(VolumeRecord source) {
    if (source.labels() == null) {
      return null;
    }
    Map<String, String> labels = new TreeMap<>(source.labels());
    labels.remove(Volumes.ANONYMOUS_LABEL);
    return labels;
  }

  /**
   * Keeps the present content of a volume.
   *
   * @param name of the snapshot; empty for one made of the time
   */
  public VolumeSnapshot snapshot(
      String volume, String name, Map<String, String> labels, Stillness stillness)
      throws IOException {
    VolumeRecord known = require(volume);
    return call("volume-snapshot", () -> snapshots.take(known, name, labels, stillness));
  }

  /** The snapshots of a volume, oldest first. */
  public List<VolumeSnapshot> snapshots(String volume) {
    return snapshots.of(require(volume));
  }

  /** Removes a snapshot. */
  public void removeSnapshot(String volume, String name) throws IOException {
    VolumeRecord known = require(volume);
    run("volume-snapshot", () -> snapshots.remove(known, name));
  }

  /** Gives a volume that nobody runs with the content of one of its snapshots. */
  public void restore(String volume, String snapshot, VolumeProgress progress) throws IOException {
    VolumeRecord known = require(volume);
    run("volume-restore", () -> snapshots.restore(known, snapshot, progress));
  }

  /**
   * Gives a volume that nobody runs with another name; its snapshots go with it, and it is not
   * anonymous any more.
   *
   * @param further what has to change in the same transaction, such as the records of containers
   *     that refer to it
   */
  public Volume rename(String from, String to, Consumer<WriteTransaction> further) {
    VolumeRecord known = require(from);
    VolumeFolders folders = parts.folders();
    if (!folders.exists(from)) {
      throw EngineException.conflict(
          "volume " + from + " cannot be renamed: its driver " + known.driver() + " cannot do it");
    }
    folders.requireName(to);
    try (VolumeActivities.Activity _ = changes.begin(from, "renamed", folders);
        VolumeActivities.Activity _ = parts.activities().change(to, "made by a renaming")) {
      renameHere(known, to, folders, further);
    } catch (LinuxException e) {
      throw EngineException.internal("rename volume " + from + ": " + e.getMessage(), e);
    }
    parts.publish("rename", to, Map.of("driver", known.driver(), "oldName", from));
    return parts.lookup().find(to);
  }

  private void renameHere(
      VolumeRecord volume, String to, VolumeFolders folders, Consumer<WriteTransaction> further) {
    String from = volume.name();
    String first = from.compareTo(to) < 0 ? from : to;
    String stage = parts.stage();
    try (NameLocks.Held _ = parts.locks().hold(first);
        NameLocks.Held _ = parts.locks().hold(first.equals(from) ? to : from);
        UndoStack undo = new UndoStack("rename volume " + from)) {
      boolean taken =
          parts.lookup().existing(VolumeSpec.named(to)).isPresent() || folders.exists(to);
      if (taken) {
        throw EngineException.conflict("volume " + to + " exists already");
      }
      parts.begin(new VolumeIntent(stage, VolumeIntent.Kind.RENAME, from, to));
      undo.push("forget the intent", () -> parts.end(stage));
      folders.rename(from, to);
      undo.push("rename it back", () -> folders.rename(to, from));
      VolumeRecord renamed = renamed(volume, to);
      parts
          .store()
          .update(tx -> {
            tx.remove(VolumeRecord.TABLE, from);
            tx.put(VolumeRecord.TABLE, to, renamed);
            moveSnapshots(tx, from, to);
            further.accept(tx);
            tx.remove(VolumeIntent.TABLE, stage);
            return renamed;
          });
      parts.users().rename(from, to);
      undo.commit();
    }
  }

  private static VolumeRecord renamed(VolumeRecord volume, String to) {
    return new VolumeRecord(
        to,
        volume.driver(),
        volume.options(),
        inherited(volume),
        volume.created(),
        volume.removing());
  }

  private static void moveSnapshots(WriteTransaction tx, String from, String to) {
    for (VolumeSnapshot snapshot : tx.all(VolumeSnapshot.TABLE).values()) {
      if (snapshot.volume().equals(from)) {
        tx.remove(VolumeSnapshot.TABLE, snapshot.key());
        VolumeSnapshot moved = snapshot.of(to);
        tx.put(VolumeSnapshot.TABLE, moved.key(), moved);
      }
    }
  }

  /**
   * Changes the labels of a volume.
   *
   * @param added with their values; replace those of the same name
   * @param removed names; one that is not there is no error
   */
  public Volume label(String volume, Map<String, String> added, Set<String> removed) {
    VolumeRecord known = require(volume);
    try (NameLocks.Held _ = parts.locks().hold(known.name())) {
      VolumeRecord present = parts.lookup().find(known.name()).record();
      Map<String, String> labels =
          new TreeMap<>(present.labels() == null ? Map.of() : present.labels());
      labels.keySet().removeAll(removed);
      labels.putAll(added);
      parts.lookup().put(present.withLabels(labels));
    }
    parts.publish("update", known.name(), Map.of("driver", known.driver()));
    return parts.lookup().find(known.name());
  }

  /**
   * Reads what volumes take and do; a size may be some seconds old where counting takes long.
   *
   * @param volumes those to read, as listed
   */
  public List<VolumeReading> read(List<Volume> volumes) throws IOException {
    readings.retain(parts.lookup().records().keySet());
    return call("volume-read", () -> volumes.stream().map(readings::read).toList());
  }

  private VolumeRecord require(String name) {
    try (NameLocks.Held _ = parts.locks().hold(name)) {
      return parts.lookup().find(name).record();
    } catch (EngineException e) {
      throw VolumeMounts.prefixed("get " + name, e);
    }
  }

  private static void run(String name, ContentTaking.Work work) throws IOException {
    call(
        name,
        () -> {
          work.run();
          return name;
        });
  }

  private interface Result<T> {
    T of() throws IOException;
  }

  /** On a thread of its own, since the kernel holds it for long. */
  private static <T> T call(String name, Result<T> result) throws IOException {
    try {
      return BlockingCalls.run(
          name,
          () -> {
            try {
              return result.of();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
