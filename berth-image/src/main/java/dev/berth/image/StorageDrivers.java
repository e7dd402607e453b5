package dev.berth.image;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.image.driver.btrfs.BtrfsDriver;
import dev.berth.image.driver.overlay2.OverlayDriver;
import dev.berth.image.driver.vfs.VfsDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The storage drivers there are. One makes the roots of new containers; a container that was made
 * by another keeps that one.
 */
public final class StorageDrivers {
  private static final System.Logger LOG = System.getLogger(StorageDrivers.class.getName());

  /** The order in which they are tried when none is asked for. */
  private static final List<String> PREFERRED = List.of("overlay2", "btrfs", "vfs");

  private final Path dataRoot;
  private final Map<String, StorageDriver> others = new ConcurrentHashMap<>();

  StorageDrivers(Path dataRoot) {
    this.dataRoot = dataRoot;
  }

  /**
   * Checks what an administrator chose, without looking at the machine.
   *
   * @param name empty to let the engine choose
   * @param options {@code driver.option=value}
   * @throws EngineException of kind INVALID that says what to use instead
   */
  public static void require(String name, List<String> options) {
    String remedy =
        switch (name) {
          case "", "overlay2", "vfs", "btrfs" -> "";
          case "aufs" ->
              "no current kernel has aufs; use overlay2, which does the same within the kernel";
          case "overlay" -> "it was replaced by overlay2; use overlay2";
          case "devicemapper" ->
              "Docker has given it up and this engine never had it; use overlay2, or btrfs for"
                  + " snapshots by blocks";
          case "zfs" ->
              "it needs the kernel module zfs, which is not part of Linux; use overlay2, or vfs on a"
                  + " ZFS older than 2.2";
          case "fuse-overlayfs" ->
              "this engine runs as root, where the kernel's own overlayfs works; use overlay2";
          case "windowsfilter" -> "it is for Windows; use overlay2";
          default -> "there is no such driver; use overlay2, btrfs or vfs";
        };
    if (!remedy.isEmpty()) {
      throw EngineException.invalid("storage driver \"" + name + "\": " + remedy);
    }
    if (name.isEmpty() && !options.isEmpty()) {
      throw unnamed(options);
    }
    new StorageDrivers(Path.of("/")).make(name.isEmpty() ? PREFERRED.getFirst() : name, options);
  }

  /** A driver, not checked yet. */
  StorageDriver make(String name, List<String> options) {
    Path root = dataRoot.resolve(name);
    return switch (name) {
      case "overlay2" -> new OverlayDriver(root, limits(name, options));
      case "vfs" -> new VfsDriver(root, limits(name, options));
      case "btrfs" -> new BtrfsDriver(root, limits(name, options));
      default ->
          throw EngineException.invalid(
              "error initializing graphdriver: driver not supported: " + name);
    };
  }

  /**
   * The first driver that works here, checked.
   *
   * @throws EngineException of kind UNAVAILABLE when there is none
   */
  StorageDriver choose() {
    for (String candidate : PREFERRED) {
      StorageDriver driver = make(candidate, List.of());
      try {
        driver.check();
        return driver;
      } catch (EngineException unusable) {
        if (unusable.kind() != ErrorKind.UNAVAILABLE) {
          throw unusable;
        }
        LOG.log(System.Logger.Level.INFO, unusable.text());
      }
    }
    throw EngineException.unavailable("no storage driver works on " + dataRoot);
  }

  /** Options belong to one driver, which therefore has to be named. */
  private static EngineException unnamed(List<String> options) {
    return EngineException.invalid(
        "storage option " + options.getFirst() + " needs --storage-driver to be set");
  }

  /** A driver that made some container earlier. */
  StorageDriver other(String name) {
    return others.computeIfAbsent(name, wanted -> make(wanted, List.of()));
  }

  /** Those that have something in the data root, among them those not in use any more. */
  List<StorageDriver> present(StorageDriver current) {
    return PREFERRED.stream()
        .filter(name -> !name.equals(current.name()))
        .filter(name -> Files.isDirectory(dataRoot.resolve(name)))
        .map(this::other)
        .toList();
  }

  private static StorageLimits limits(String driver, List<String> options) {
    Map<String, String> given = new HashMap<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      if (equals < 0) {
        throw EngineException.invalid("Unable to parse key/value option: \"" + option + "\"");
      }
      String key = option.substring(0, equals).toLowerCase(Locale.ROOT);
      given.put(key, option.substring(equals + 1));
    }
    return StorageLimits.of(driver, given);
  }
}
