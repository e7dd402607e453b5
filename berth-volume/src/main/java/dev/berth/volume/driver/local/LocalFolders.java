package dev.berth.volume.driver.local;

import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.volume.TreeRemoval;
import dev.berth.volume.VolumeFolders;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The local driver's folders: {@code NAME/_data} and {@code NAME/_snapshots/SNAPSHOT}; stages are
 * {@code .staging-ID} beside the volumes or inside one. The first character keeps them from ever
 * being taken for volumes.
 */
final class LocalFolders implements VolumeFolders {
  static final String STAGING = ".staging-";
  private static final String SNAPSHOTS = "_snapshots";
  private static final int OPEN = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int PRIVATE_MODE = 0700;

  private final Fd root;
  private final Path path;
  private final Map<String, LocalVolume> volumes;

  /**
   * @param volumes the driver's own table
   */
  LocalFolders(Fd root, Path path, Map<String, LocalVolume> volumes) {
    this.root = root;
    this.path = path;
    this.volumes = volumes;
  }

  private static String stage(String id) {
    return STAGING + id;
  }

  private static String inside(String volume, String id) {
    return volume + "/" + STAGING + id;
  }

  private static String kept(String volume, String snapshot) {
    return volume + "/" + SNAPSHOTS + "/" + snapshot;
  }

  @Override
  public void requireName(String volume) {
    LocalDriver.checkName(volume);
  }

  @Override
  public boolean exists(String volume) {
    return volumes.containsKey(volume);
  }

  @Override
  public boolean isMounted(String volume) {
    LocalVolume known = volumes.get(volume);
    return known != null && (known.isMounted() || !known.users().isEmpty());
  }

  @Override
  public boolean holdsData(String volume) {
    LocalVolume known = volumes.get(volume);
    return known != null && !known.options().needsMount();
  }

  @Override
  public Fd all() {
    return root.duplicate();
  }

  @Override
  public Fd data(String volume) {
    return open(volume + "/" + DATA);
  }

  private Fd open(String below) {
    return FileCalls.openat(root, below, OPEN, 0);
  }

  @Override
  public Fd stageVolume(String id) {
    return makeStage(stage(id), VolumeFolder.FOLDER_MODE);
  }

  @Override
  public Fd stageInside(String volume, String id) {
    return makeStage(inside(volume, id), PRIVATE_MODE);
  }

  private Fd makeStage(String below, int mode) {
    FileCalls.mkdirat(root, below, mode);
    FileCalls.fchmodat(root, below, mode);
    return open(below);
  }

  @Override
  public void publish(String id, String volume) {
    FileCalls.renameat2(root, stage(id), root, volume, FileFlags.RENAME_NOREPLACE);
    volumes.put(volume, new LocalVolume(new VolumeFolder(root, path, volume)));
  }

  @Override
  public void exchange(String volume, String id) {
    String data = volume + "/" + DATA;
    String staged = inside(volume, id) + "/" + DATA;
    FileCalls.renameat2(root, staged, root, data, FileFlags.RENAME_EXCHANGE);
  }

  @Override
  public void keepSnapshot(String volume, String id, String snapshot) {
    try {
      FileCalls.mkdirat(root, volume + "/" + SNAPSHOTS, PRIVATE_MODE);
    } catch (LinuxException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
    String staged = inside(volume, id) + "/" + DATA;
    FileCalls.renameat2(root, staged, root, kept(volume, snapshot), FileFlags.RENAME_NOREPLACE);
  }

  @Override
  public void withdrawSnapshot(String volume, String snapshot, String id) {
    stageInside(volume, id).close();
    String staged = inside(volume, id) + "/" + DATA;
    try {
      FileCalls.renameat2(root, kept(volume, snapshot), root, staged, FileFlags.RENAME_NOREPLACE);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  @Override
  public Set<String> snapshots(String volume) {
    Set<String> names = new TreeSet<>();
    try (Fd folder = open(volume + "/" + SNAPSHOTS)) {
      for (DirectoryEntry entry : FileCalls.list(folder)) {
        names.add(entry.name());
      }
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    return names;
  }

  @Override
  public Fd snapshot(String volume, String snapshot) {
    return open(kept(volume, snapshot));
  }

  @Override
  public void rename(String from, String to) {
    FileCalls.renameat2(root, from, root, to, FileFlags.RENAME_NOREPLACE);
    volumes.remove(from);
    volumes.put(to, new LocalVolume(new VolumeFolder(root, path, to)));
  }

  @Override
  public void discard(String id) {
    TreeRemoval.remove(root, stage(id));
  }

  @Override
  public void discard(String volume, String id) {
    TreeRemoval.remove(root, inside(volume, id));
  }
}
