package dev.berth.volume.driver.local;

import dev.berth.core.EngineException;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.linux.ProjectQuotas;
import dev.berth.volume.BlockingCalls;
import dev.berth.volume.DriverVolume;
import dev.berth.volume.TreeRemoval;
import dev.berth.volume.VolumeDriver;
import dev.berth.volume.VolumeDrivers;
import dev.berth.volume.VolumeFolders;
import dev.berth.volume.VolumeScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Volumes as folders below {@code volumes} of the data root. With the options type, o and device
 * the driver mounts something on the folder when the first user comes, and takes it away when the
 * last one goes.
 */
public final class LocalDriver implements VolumeDriver, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LocalDriver.class.getName());
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
  private static final String ALLOWED = "[a-zA-Z0-9][a-zA-Z0-9_.-]";
  private static final String REMOVING = ".removing-";

  private final Fd root;
  private final Path path;
  private final MountTable mounts;
  private final ServerAddresses addresses;
  private final PatientCalls calls;
  private final Map<String, LocalVolume> volumes = new ConcurrentHashMap<>();

  /**
   * @param root the open folder of all volumes; closed with the driver
   * @param path the same as a path
   * @param patience how long a mount may take
   */
  LocalDriver(Fd root, Path path, MountTable mounts, ServerAddresses addresses, Duration patience) {
    this.root = root;
    this.path = path;
    this.mounts = mounts;
    this.addresses = addresses;
    this.calls = new PatientCalls(patience);
  }

  /**
   * Opens the folder of all volumes, which is made where it is missing.
   *
   * @param path absolute, without links
   * @param patience how long a mount may take before its user gets an error
   */
  public static LocalDriver open(Path path, Duration patience) {
    return open(
        path, new KernelMountTable(), new ServerAddresses(ServerAddresses::resolve), patience);
  }

  static LocalDriver open(
      Path path, MountTable mounts, ServerAddresses addresses, Duration patience) {
    try {
      try {
        FileCalls.mkdirat(Fd.currentDirectory(), path.toString(), 0701);
        FileCalls.fchmodat(Fd.currentDirectory(), path.toString(), 0701);
      } catch (LinuxException e) {
        if (!e.is(Errno.EEXIST)) {
          throw e;
        }
      }
      Fd root = FileCalls.open(path.toString(), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY);
      LocalDriver driver = new LocalDriver(root, path, mounts, addresses, patience);
      driver.load();
      return driver;
    } catch (LinuxException e) {
      throw EngineException.internal("volumes in " + path + ": " + e.getMessage(), e);
    }
  }

  private void load() {
    Set<String> mounted = mounts.below(path.toString());
    for (DirectoryEntry entry : FileCalls.list(root)) {
      if (entry.kind() == FileFlags.S_IFDIR && NAME.matcher(entry.name()).matches()) {
        LocalVolume volume = add(entry.name());
        volume.setMounted(mounted.contains(volume.folder().data()));
      }
    }
  }

  private LocalVolume add(String name) {
    LocalVolume volume = new LocalVolume(new VolumeFolder(root, path, name));
    volumes.put(name, volume);
    return volume;
  }

  @Override
  public List<DriverVolume> recover(Set<String> known) {
    for (DirectoryEntry entry : FileCalls.list(root)) {
      if (entry.name().startsWith(REMOVING) || entry.name().startsWith(LocalFolders.STAGING)) {
        delete(entry.name());
      }
    }
    List<DriverVolume> found = new ArrayList<>();
    for (LocalVolume volume : List.copyOf(volumes.values())) {
      String name = volume.folder().name();
      if (known.contains(name)) {
        continue;
      }
      if (!volume.isMounted() && volume.folder().isUnused()) {
        LOG.log(System.Logger.Level.INFO, "volume " + name + " was never completed: removed");
        remove(name);
      } else {
        found.add(describe(volume));
      }
    }
    for (String name : known) {
      if (!volumes.containsKey(name)) {
        LOG.log(System.Logger.Level.WARNING, "volume " + name + " has no folder: made anew");
        add(name).folder().make();
      }
    }
    return found;
  }

  @Override
  public String name() {
    return VolumeDrivers.DEFAULT;
  }

  @Override
  public Optional<VolumeFolders> folders() {
    return Optional.of(new LocalFolders(root, path, volumes));
  }

  @Override
  public VolumeScope scope() {
    return VolumeScope.LOCAL;
  }

  @Override
  public Map<String, String> shown(Map<String, String> options) {
    if (!options.containsKey("o")) {
      return options;
    }
    Map<String, String> shown = new TreeMap<>(options);
    shown.put("o", LocalOptions.masked(options.getOrDefault("o", "")));
    return shown;
  }

  @Override
  public DriverVolume create(String name, Map<String, String> given) {
    checkName(name);
    LocalOptions options = LocalOptions.of(given);
    requireQuota(options);
    LocalVolume existing = volumes.get(name);
    if (existing != null) {
      return describe(existing);
    }
    VolumeFolder folder = new VolumeFolder(root, path, name);
    try {
      if (options.sizeBytes() > 0) {
        folder.makeLimited(options.sizeBytes());
      } else {
        folder.make();
      }
      if (!given.isEmpty()) {
        folder.writeOptions(options);
      }
      return describe(add(name));
    } catch (RuntimeException e) {
      deleteQuietly(name);
      throw e;
    }
  }

  private void requireQuota(LocalOptions options) {
    if (options.sizeBytes() == 0) {
      return;
    }
    if (options.needsMount()) {
      throw EngineException.invalid(
          "option size limits the volume's own folder, on which the option type mounts something"
              + " else");
    }
    if (!ProjectQuotas.areAvailable(root)) {
      throw EngineException.invalid(
          "quota size requested but no quota support: "
              + FileCalls.fstatfs(root).typeName()
              + " at "
              + path
              + " is not mounted with prjquota, which xfs and ext4 have");
    }
  }

  static void checkName(String name) {
    if (name.length() == 1) {
      throw EngineException.invalid(
          "volume name is too short, names should be at least two alphanumeric characters");
    }
    if (!NAME.matcher(name).matches()) {
      throw EngineException.invalid(
          "\""
              + name
              + "\" includes invalid characters for a local volume name, only \""
              + ALLOWED
              + "\" are allowed. If you intended to pass a host directory, use absolute path");
    }
  }

  @Override
  public void remove(String name) {
    LocalVolume volume = volumes.get(name);
    if (volume == null) {
      return;
    }
    if (!volume.users().isEmpty()) {
      throw EngineException.internal("volume has active mounts", null);
    }
    unmountNow(volume);
    String removing = REMOVING + name;
    try {
      FileCalls.renameat2(root, name, root, removing, FileFlags.RENAME_NOREPLACE);
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw removalFailed(name, e);
      }
    }
    try {
      delete(removing);
    } catch (LinuxException e) {
      restoreName(removing, name);
      throw removalFailed(name, e);
    }
    volumes.remove(name);
  }

  private void restoreName(String removing, String name) {
    try {
      FileCalls.renameat2(root, removing, root, name, FileFlags.RENAME_NOREPLACE);
    } catch (LinuxException e) {
      LOG.log(System.Logger.Level.WARNING, "volume " + name + ": half removed", e);
    }
  }

  private EngineException removalFailed(String name, LinuxException cause) {
    return EngineException.internal(
        "error removing volume path '" + path.resolve(name) + "': " + cause.getMessage(), cause);
  }

  private void delete(String name) {
    BlockingCalls.run(
        "volume-remove",
        () -> {
          int project = VolumeFolder.projectOf(root, name);
          TreeRemoval.remove(root, name);
          if (project != 0) {
            ProjectQuotas.forget(root, project);
          }
          return name;
        });
  }

  private void deleteQuietly(String name) {
    try {
      delete(name);
    } catch (LinuxException e) {
      LOG.log(System.Logger.Level.WARNING, "volume " + name + ": half made", e);
    }
  }

  @Override
  public Optional<DriverVolume> find(String name) {
    return Optional.ofNullable(volumes.get(name)).map(LocalDriver::describe);
  }

  @Override
  public List<DriverVolume> list() {
    return volumes.values().stream().map(LocalDriver::describe).toList();
  }

  private static DriverVolume describe(LocalVolume volume) {
    return new DriverVolume(volume.folder().name(), volume.folder().data(), null, null);
  }

  @Override
  public String mount(String name, String user) {
    LocalVolume volume = existing(name);
    if (volume.isMounted()) {
      requireAnswer(volume);
    } else if (volume.options().needsMount()) {
      mountNow(volume);
      volume.setMounted(true);
    }
    volume.users().add(user);
    return volume.folder().data();
  }

  /**
   * A server that went away after the mount would stop whoever starts a container on the volume, in
   * calls that nobody can end.
   */
  private void requireAnswer(LocalVolume volume) {
    if (!volume.options().isRemote()) {
      return;
    }
    String target = volume.folder().data();
    try {
      calls.run(
          volume.folder().name(),
          () -> {
            mounts.touch(target);
            return target;
          },
          late -> {});
    } catch (LinuxException e) {
      throw serverFailed(volume, e.errno().text(), e);
    } catch (TimeoutException e) {
      throw serverFailed(volume, String.valueOf(e.getMessage()), e);
    }
  }

  private static EngineException serverFailed(LocalVolume volume, String why, Exception cause) {
    return EngineException.internal(
        "the server of " + volume.options().device() + ": " + why, cause);
  }

  private LocalVolume existing(String name) {
    LocalVolume volume = volumes.get(name);
    if (volume == null) {
      throw EngineException.notFound("no such volume");
    }
    return volume;
  }

  private void mountNow(LocalVolume volume) {
    try {
      calls.run(
          volume.folder().name(),
          () -> {
            MountCall call = call(addresses.resolved(volume.options()), volume);
            mount(call);
            return call;
          },
          late -> mounts.unmount(late.target()));
    } catch (TimeoutException e) {
      throw mountFailed(call(volume.options(), volume), String.valueOf(e.getMessage()), e);
    }
  }

  private void mount(MountCall call) {
    try {
      mounts.mount(call);
    } catch (LinuxException e) {
      throw mountFailed(call, MountRefusal.text(call, e, mounts), e);
    }
  }

  private static MountCall call(LocalOptions options, LocalVolume volume) {
    return new MountCall(
        options.device(), volume.folder().data(), options.type(), MountWords.of(options.options()));
  }

  private static EngineException mountFailed(MountCall call, String why, Exception cause) {
    return EngineException.internal(
        "failed to mount local volume: " + call.describe() + ": " + why, cause);
  }

  @Override
  public void unmount(String name, String user) {
    LocalVolume volume = volumes.get(name);
    if (volume != null && volume.users().remove(user) && volume.users().isEmpty()) {
      unmountNow(volume);
    }
  }

  private void unmountNow(LocalVolume volume) {
    if (!volume.isMounted()) {
      return;
    }
    String target = volume.folder().data();
    try {
      calls.run(
          volume.folder().name(),
          () -> {
            mounts.unmount(target);
            return target;
          },
          late -> {});
      volume.setMounted(false);
    } catch (LinuxException e) {
      throw EngineException.internal("unmount " + target + ": " + e.errno().text(), e);
    } catch (TimeoutException e) {
      throw EngineException.internal("unmount " + target + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void restore(String name, String user) {
    LocalVolume volume = volumes.get(name);
    if (volume != null) {
      volume.users().add(user);
    }
  }

  @Override
  public void settle() {
    for (LocalVolume volume : volumes.values()) {
      if (volume.isMounted() && volume.users().isEmpty()) {
        try {
          unmountNow(volume);
        } catch (EngineException e) {
          LOG.log(System.Logger.Level.WARNING, e.text(), e);
        }
      }
    }
  }

  /** Closes the folder; what is mounted stays so, because containers outlive the engine. */
  @Override
  public void close() {
    root.close();
  }
}
