package dev.berth.volume;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Holds volumes: the seam between {@link Volumes} and what keeps the data. The methods are those of
 * Docker's volume plugin protocol, so that a plugin is one more implementation. All throw {@link
 * dev.berth.core.EngineException}; its message is the bare reason, to which {@link Volumes} adds
 * the operation and the volume's name. Safe for use by any thread; calls for one volume never
 * overlap, calls for different volumes do. A call may block, but never without a bound.
 *
 * @see <a href="https://docs.docker.com/engine/extend/plugins_volume/">volume plugin protocol</a>
 */
public interface VolumeDriver {

  /** The name by which users choose it. */
  String name();

  /** Where its volumes are known. */
  VolumeScope scope();

  /**
   * Makes a volume; one that exists already is returned as it is.
   *
   * @throws dev.berth.core.EngineException INVALID for a name or an option it does not take;
   *     whatever goes wrong, nothing half-made is left
   */
  DriverVolume create(String name, Map<String, String> options);

  /** Removes a volume with its data; one that does not exist is no error. */
  void remove(String name);

  /** Looks for a volume. */
  Optional<DriverVolume> find(String name);

  /** All its volumes. */
  List<DriverVolume> list();

  /**
   * Makes the data reachable for a user; the first user may cause a real mount.
   *
   * @param user counted once however often it mounts; 64 hexadecimal digits
   * @return the absolute path of the data on this host
   */
  String mount(String name, String user);

  /**
   * The user no longer needs the data; the last one may cause a real unmount. A user that is not
   * known is no error.
   */
  void unmount(String name, String user);

  /**
   * The options as they may be shown and stored with the volume: without credentials, which only
   * the driver keeps.
   */
  default Map<String, String> shown(Map<String, String> options) {
    return options;
  }

  /**
   * Called once at the start of the engine, before anything else: finishes what a crash has
   * interrupted.
   *
   * @param known the volumes that are recorded as this driver's
   * @return further volumes that it holds and that nobody recorded; none where it cannot tell
   */
  default List<DriverVolume> recover(Set<String> known) {
    return List.of();
  }

  /**
   * After a restart of the engine: this user still has the volume mounted. Drivers which do not
   * count do nothing.
   */
  default void restore(String name, String user) {}

  /** The folders its volumes lie in, where it keeps them in folders of this host. */
  default Optional<VolumeFolders> folders() {
    return Optional.empty();
  }

  /** After all {@link #restore} calls: unmounts whatever a crash left mounted without a user. */
  default void settle() {}
}
