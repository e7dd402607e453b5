package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.volume.MountPoint;
import dev.berth.volume.MountRequest;
import dev.berth.volume.MountType;
import dev.berth.volume.Stillness;
import dev.berth.volume.Volume;
import dev.berth.volume.VolumeFolders;
import dev.berth.volume.VolumeObjects;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What operations on whole volumes need of containers: that they are paused for a moment, and that
 * they follow a volume that gets another name.
 */
public final class VolumeOperations {
  private final Features features;
  private final ContainerTable table;
  private final PausedUsers paused;

  VolumeOperations(Features features, ContainerTable table, Containers containers) {
    this.features = features;
    this.table = table;
    this.paused = new PausedUsers(features, table, containers);
  }

  /** Lets go on what a crash left paused; called once when the containers are restored. */
  void start() {
    paused.recover();
  }

  /** The operations themselves. */
  public VolumeObjects objects() {
    return features.volumes().objects();
  }

  /** How still the users of a volume are held, by the user's choice. */
  public Stillness stillness(Stillness.Consistency consistency) {
    return new Stillness(consistency, paused::hold);
  }

  /**
   * Gives a volume another name. The containers that refer to it follow, in the same transaction;
   * while one of them runs, it is refused.
   */
  public Volume rename(String from, String to) {
    Volume volume = features.volumes().find(from);
    List<LiveContainer> users = users(from);
    List<LiveContainer.Held> held = new ArrayList<>();
    try {
      users.forEach(container -> held.add(container.hold()));
      requireComplete(volume, users);
      List<ContainerRecord> changed =
          users.stream().map(container -> renamed(container.definition(), volume, to)).toList();
      Volume renamed =
          objects().rename(from, to, tx -> changed.forEach(record -> table.put(tx, record)));
      for (int i = 0; i < users.size(); i++) {
        users.get(i).define(changed.get(i));
      }
      return renamed;
    } finally {
      held.reversed().forEach(LiveContainer.Held::close);
    }
  }

  /** The names of containers, in order; those that are gone are left out. */
  public List<String> names(Set<String> containers) {
    return table.all().stream()
        .filter(container -> containers.contains(container.id()))
        .map(LiveContainer::name)
        .sorted()
        .toList();
  }

  /** In the order of their ids, so that two renamings never wait for each other. */
  private List<LiveContainer> users(String volume) {
    return table.all().stream()
        .filter(container -> refersTo(container.definition(), volume))
        .sorted(Comparator.comparing(LiveContainer::id))
        .toList();
  }

  static boolean refersTo(ContainerRecord definition, String volume) {
    return definition.mounts().stream()
        .anyMatch(point -> point.type() == MountType.VOLUME && point.name().equals(volume));
  }

  /** A container that is just being made or removed has no record that could follow. */
  private static void requireComplete(Volume volume, List<LiveContainer> users) {
    Set<String> unknown = new HashSet<>(volume.status().users());
    users.forEach(container -> unknown.remove(container.id()));
    boolean running = users.stream().anyMatch(container -> ContainerStop.isActive(container));
    if (running || !unknown.isEmpty()) {
      throw EngineException.conflict(
          "volume "
              + volume.name()
              + " cannot be renamed while containers run with it or are being made: "
              + volume.status().users());
    }
  }

  private static ContainerRecord renamed(ContainerRecord definition, Volume volume, String to) {
    Path beside = Path.of(volume.mountpoint(), "..", "..", to, VolumeFolders.DATA);
    String source = beside.normalize().toString();
    List<MountPoint> mounts =
        definition.mounts().stream()
            .map(point ->
                point.type() == MountType.VOLUME && point.name().equals(volume.name())
                    ? point.renamed(to, source)
                    : point)
            .toList();
    HostOptions host = definition.effective().host();
    StorageOptions storage = renamed(host.storage(), volume.name(), to);
    return definition
        .withMounts(mounts)
        .withEffective(definition.effective().withHost(host.withStorage(storage)));
  }

  private static StorageOptions renamed(StorageOptions storage, String from, String to) {
    return new StorageOptions(
        binds(storage.binds(), from, to),
        mounts(storage.mounts(), from, to),
        storage.tmpfs(),
        storage.volumesFrom(),
        storage.volumeDriver(),
        storage.readonlyRootfs(),
        storage.storageOptions(),
        storage.shmSizeBytes());
  }

  private static @Nullable List<String> binds(
      @Nullable List<String> binds, String from, String to) {
    return binds == null
        ? null
        : binds.stream()
            .map(bind -> bind.startsWith(from + ":") ? to + bind.substring(from.length()) : bind)
            .toList();
  }

  private static @Nullable List<MountRequest> mounts(
      @Nullable List<MountRequest> mounts, String from, String to) {
    return mounts == null
        ? null
        : mounts.stream()
            .map(mount ->
                mount.type().equals("volume") && mount.source().equals(from)
                    ? mount.withSource(to)
                    : mount)
            .toList();
  }
}
