package dev.berth.runtime;

import java.util.Optional;
import java.util.Set;

/**
 * Runs containers. The engine's implementation is {@code OciRuntime}: an OCI runtime for the short
 * work and a monitor process for each container, so that containers outlive the engine. A fake that
 * runs nothing is {@code FakeRuntime}.
 *
 * <p>All methods block, and may be called from any thread at once for different containers.
 */
@SuppressWarnings("AvoidCommonTypeNames") // the OCI's word, and the specification's
public interface Runtime extends AutoCloseable {
  /** Name as users give it to {@code --runtime}, for instance {@code crun}. */
  String name();

  /** Version as {@code docker info} shows it. */
  String version();

  /** Version of the program that keeps each container; empty where there is none. */
  default String monitorVersion() {
    return "";
  }

  /** Version of the program that {@code --init} puts before others; empty where there is none. */
  default String initVersion() {
    return "";
  }

  /** Name of the cgroup driver and version of the hierarchy. */
  Cgroups cgroups();

  /**
   * Makes the container and its first process, which waits for {@link ContainerProcess#start}. When
   * this fails nothing of it is left: no process, mount, cgroup or file.
   *
   * @throws LaunchException why it cannot be made
   */
  ContainerProcess create(LaunchSpec spec);

  /**
   * Finds a container that an earlier engine made, running or ended meanwhile.
   *
   * @return empty if nothing of it is left, as after a reboot
   */
  Optional<ContainerProcess> recover(String containerId);

  /**
   * Removes whatever is left of a container, in whatever state; does nothing if there is nothing.
   */
  void purge(String containerId);

  /**
   * Ids of the containers of which anything is left, running or not. An engine purges those that it
   * does not know when it starts: the one before was killed while it made or removed them.
   */
  Set<String> remains();

  /** Stops watching. Containers go on running. */
  @Override
  void close();
}
