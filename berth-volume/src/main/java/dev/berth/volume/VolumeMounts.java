package dev.berth.volume;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The uses of volumes: mounted, unmounted, taken over after a restart, filled from an image. */
final class VolumeMounts {
  private static final System.Logger LOG = System.getLogger(VolumeMounts.class.getName());
  private static final int OPEN_FOLDER = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;

  private final VolumeDrivers drivers;
  private final VolumeLookup lookup;
  private final NameLocks locks;
  private final VolumeActivities activities;

  VolumeMounts(
      VolumeDrivers drivers, VolumeLookup lookup, NameLocks locks, VolumeActivities activities) {
    this.drivers = drivers;
    this.lookup = lookup;
    this.locks = locks;
    this.activities = activities;
  }

  /**
   * A volume that is reachable.
   *
   * @param driver who holds it
   * @param path where it is
   */
  record Mounted(String driver, String path) {}

  Mounted mount(String name, VolumeUse use) {
    try (NameLocks.Held _ = locks.hold(name)) {
      Volume volume = find(name);
      return new Mounted(volume.driver(), mount(volume, use.id()));
    }
  }

  private Volume find(String name) {
    try {
      return lookup.find(name);
    } catch (EngineException e) {
      throw prefixed("get " + name, e);
    }
  }

  private String mount(Volume volume, String user) {
    activities.requireUnchanged(volume.name());
    try {
      return drivers.driver(volume.driver()).mount(volume.name(), user);
    } catch (EngineException e) {
      throw prefixed("error while mounting volume '" + volume.mountpoint() + "'", e);
    }
  }

  /**
   * @return the driver; null where there is no such volume any more
   */
  @Nullable String unmount(String name, VolumeUse use) {
    try (NameLocks.Held _ = locks.hold(name)) {
      VolumeRecord known = lookup.record(name);
      if (known == null) {
        return null;
      }
      drivers.driver(known.driver()).unmount(name, use.id());
      return known.driver();
    } catch (EngineException e) {
      throw prefixed("error unmounting volume " + name, e);
    }
  }

  void restore(String name, VolumeUse use) {
    try (NameLocks.Held _ = locks.hold(name)) {
      VolumeRecord known = lookup.record(name);
      if (known != null) {
        drivers.driver(known.driver()).restore(name, use.id());
      }
    } catch (EngineException e) {
      LOG.log(System.Logger.Level.WARNING, "volume " + name + ": " + e.text(), e);
    }
  }

  boolean copyUp(MountPoint point, String container, Path rootFilesystem) {
    String user = new VolumeUse(container, "copy-up " + point.destination(), true, "").id();
    return BlockingCalls.run(
        "copy-up",
        () -> {
          try (NameLocks.Held _ = locks.hold(point.name())) {
            return copyUp(find(point.name()), point, user, rootFilesystem);
          }
        });
  }

  private boolean copyUp(Volume volume, MountPoint point, String user, Path rootFilesystem) {
    VolumeDriver driver = drivers.driver(volume.driver());
    String path = mount(volume, user);
    boolean ours = driver.name().equals(VolumeDrivers.DEFAULT) && point.subpath().isEmpty();
    try (Fd data = Subpath.open(path, point.subpath(), OPEN_FOLDER);
        Fd beside = ours ? FileCalls.openat(data, "..", OPEN_FOLDER, 0) : null) {
      return CopyUp.copy(rootFilesystem, point.destination(), data, beside);
    } catch (EngineException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return false;
      }
      throw e;
    } finally {
      driver.unmount(volume.name(), user);
    }
  }

  static EngineException prefixed(String operation, EngineException e) {
    return new EngineException(e.kind(), operation + ": " + e.text(), e);
  }
}
