package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.linux.LinuxException;
import java.util.Optional;

/** Unwinds the operations on volumes as objects that a crash has cut short. */
final class ObjectRecovery {
  private static final System.Logger LOG = System.getLogger(ObjectRecovery.class.getName());

  private final ObjectParts parts;

  ObjectRecovery(ObjectParts parts) {
    this.parts = parts;
  }

  void run() {
    for (VolumeIntent intent : parts.store().view(tx -> tx.all(VolumeIntent.TABLE)).values()) {
      try {
        unwind(intent);
        parts.end(intent.stage());
        LOG.log(
            System.Logger.Level.INFO,
            "volume " + intent.volume() + ": unwound what a crash cut short: " + intent.kind());
      } catch (EngineException | LinuxException e) {
        LOG.log(System.Logger.Level.WARNING, "volume " + intent.volume() + ": " + e, e);
      }
    }
  }

  private void unwind(VolumeIntent intent) {
    if (intent.kind() == VolumeIntent.Kind.FREEZE) {
      FrozenFileSystem.thaw(intent.target());
      return;
    }
    Optional<VolumeFolders> found = parts.drivers().driver(VolumeDrivers.DEFAULT).folders();
    if (found.isEmpty()) {
      return;
    }
    VolumeFolders folders = found.get();
    String volume = intent.volume();
    switch (intent.kind()) {
      case CREATE -> unwindCreation(folders, intent);
      case CHANGE -> folders.discard(volume, intent.stage());
      case SNAPSHOT -> unwindSnapshot(folders, intent);
      case RENAME -> {
        boolean halfway =
            parts.lookup().record(volume) != null
                && !folders.exists(volume)
                && folders.exists(intent.target());
        if (halfway) {
          folders.rename(intent.target(), volume);
        }
      }
      case FREEZE -> throw new AssertionError("thawed above");
    }
  }

  private void unwindCreation(VolumeFolders folders, VolumeIntent intent) {
    folders.discard(intent.stage());
    if (parts.lookup().record(intent.volume()) == null) {
      parts.drivers().driver(VolumeDrivers.DEFAULT).remove(intent.volume());
    }
  }

  /** A snapshot that nobody recorded goes, whether it was being taken or removed. */
  private void unwindSnapshot(VolumeFolders folders, VolumeIntent intent) {
    String volume = intent.volume();
    String stage = intent.stage();
    folders.discard(volume, stage);
    String key = VolumeSnapshot.key(volume, intent.target());
    boolean recorded = parts.store().view(tx -> tx.find(VolumeSnapshot.TABLE, key)).isPresent();
    if (!recorded && folders.snapshots(volume).contains(intent.target())) {
      folders.withdrawSnapshot(volume, intent.target(), stage);
      folders.discard(volume, stage);
    }
  }
}
