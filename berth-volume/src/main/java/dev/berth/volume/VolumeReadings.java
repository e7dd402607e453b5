package dev.berth.volume;

import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what volumes take. Counting walks the whole tree, so that a count is used again until ten
 * times as long as it took has gone by: whoever looks all the time costs a tenth of a processor.
 */
final class VolumeReadings {
  private static final int OPEN_FOLDER = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;
  private static final int REUSE = 10;
  private static final int SECTOR_BYTES = 512;
  private static final int READ_SECTORS = 2;
  private static final int WRITTEN_SECTORS = 6;

  private final ObjectParts parts;
  private final Map<String, Counted> counts = new ConcurrentHashMap<>();

  VolumeReadings(ObjectParts parts) {
    this.parts = parts;
  }

  private record Counted(VolumeSize.Count count, long untilNanos) {}

  VolumeReading read(Volume volume) {
    VolumeReading unknown = new VolumeReading(volume, -1, -1, volume.status().users(), null);
    if (!isReachable(volume.record())) {
      return unknown;
    }
    try (Fd data = FileCalls.open(volume.mountpoint(), OPEN_FOLDER)) {
      VolumeSize.Count count = count(volume.name(), data);
      return new VolumeReading(
          volume, count.bytes(), count.inodes(), volume.status().users(), device(data));
    } catch (LinuxException gone) {
      return unknown;
    }
  }

  /** Nothing is mounted for it. */
  private boolean isReachable(VolumeRecord volume) {
    VolumeDriver driver = parts.drivers().driver(volume.driver());
    return driver
        .folders()
        .map(folders -> folders.holdsData(volume.name()) || folders.isMounted(volume.name()))
        .orElse(false);
  }

  /** Forgets the counts of volumes that are gone. */
  void retain(Set<String> names) {
    counts.keySet().retainAll(names);
  }

  private VolumeSize.Count count(String name, Fd data) {
    long now = System.nanoTime();
    Counted known = counts.get(name);
    if (known != null && known.untilNanos() - now > 0) {
      return known.count();
    }
    VolumeSize.Count count = VolumeSize.count(data);
    long took = System.nanoTime() - now;
    counts.put(name, new Counted(count, now + REUSE * took));
    return count;
  }

  /** Only a device that holds nothing but the volume tells of the volume. */
  private VolumeReading.@Nullable DeviceActivity device(Fd data) {
    FileStatus theirs = FileCalls.statx(data);
    try (Fd all = parts.folders().all()) {
      FileStatus ours = FileCalls.statx(all);
      boolean shared =
          theirs.deviceMajor() == ours.deviceMajor() && theirs.deviceMinor() == ours.deviceMinor();
      if (theirs.deviceMajor() == 0 || shared) {
        return null;
      }
    }
    Path file =
        Path.of("/sys/dev/block/" + theirs.deviceMajor() + ":" + theirs.deviceMinor() + "/stat");
    try {
      String[] fields = Files.readString(file).strip().split("\\s+");
      return new VolumeReading.DeviceActivity(
          Long.parseLong(fields[READ_SECTORS]) * SECTOR_BYTES,
          Long.parseLong(fields[WRITTEN_SECTORS]) * SECTOR_BYTES);
    } catch (IOException untold) {
      return null;
    }
  }
}
