package dev.berth.runtime.driver.cgroup;

import dev.berth.core.EngineException;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileSystemStatus;
import dev.berth.linux.LinuxException;
import dev.berth.runtime.Cgroups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The mounted hierarchy of control groups.
 *
 * @param root {@code /sys/fs/cgroup}
 * @param version 1 or 2
 * @param hybrid whether a version 2 tree with controllers is mounted beside version 1, which crun
 *     refuses
 */
public record CgroupTree(Path root, int version, boolean hybrid) {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final Path SYSTEMD = Path.of("/run/systemd/system");

  /** Looks at this machine. */
  public static CgroupTree detect() {
    if (isVersion2(ROOT)) {
      return new CgroupTree(ROOT, 2, false);
    }
    Path unified = ROOT.resolve("unified");
    return new CgroupTree(ROOT, 1, isVersion2(unified) && hasControllers(unified));
  }

  /** Where the version 2 tree of a hybrid is mounted. */
  public Path unified() {
    return root.resolve("unified");
  }

  /**
   * What the engine reports.
   *
   * @throws EngineException if the driver cannot work here
   */
  public Cgroups describe(Cgroups.Driver driver) {
    if (driver == Cgroups.Driver.SYSTEMD && !Files.isDirectory(SYSTEMD)) {
      throw EngineException.invalid(
          "native.cgroupdriver=systemd needs systemd, which does not run on this machine; use"
              + " native.cgroupdriver=cgroupfs");
    }
    return new Cgroups(version, driver, hybrid);
  }

  private static boolean isVersion2(Path path) {
    try {
      return FileCalls.statfs(path.toString()).type() == FileSystemStatus.CGROUP2;
    } catch (LinuxException missing) {
      return false;
    }
  }

  private static boolean hasControllers(Path unified) {
    try {
      return !Files.readString(unified.resolve("cgroup.controllers")).isBlank();
    } catch (IOException unreadable) {
      return false;
    }
  }
}
