package dev.berth.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One consistent look at a container, for list, inspect and filters.
 *
 * @param definition what seldom changes
 * @param status what changes in its life
 * @param health null without a healthcheck
 * @param imageReference the reference under which the list shows its image
 * @param ports host addresses by container port such as {@code 80/tcp}; null for a port that is
 *     only exposed; empty while it does not run
 * @param execIds live exec instances
 * @param files its files in the data root
 * @param size null unless asked for
 */
public record Container(
    ContainerRecord definition,
    ContainerStatus status,
    ContainerStatus.@Nullable Health health,
    String imageReference,
    Map<String, @Nullable List<HostOptions.PortBinding>> ports,
    List<String> execIds,
    Files files,
    @Nullable Size size) {

  /** The id. */
  public String id() {
    return definition.id();
  }

  /** The name without a slash. */
  public String name() {
    return definition.name();
  }

  /** Where it is in its life. */
  public ContainerState state() {
    return status.state();
  }

  /**
   * Its files on the host.
   *
   * @param directory its directory in the data root
   * @param hostname mounted on /etc/hostname; empty when not made
   * @param hosts mounted on /etc/hosts; empty when not made
   * @param resolvConf mounted on /etc/resolv.conf; empty when not made
   * @param log empty when the driver keeps no file
   * @param graph the storage driver's directories by Docker's words (LowerDir, UpperDir, WorkDir,
   *     MergedDir)
   */
  public record Files(
      String directory,
      String hostname,
      String hosts,
      String resolvConf,
      String log,
      Map<String, String> graph) {}

  /**
   * What it takes on the disk, in bytes.
   *
   * @param written by the container
   * @param rootFilesystem the image's layers and what was written
   */
  public record Size(long written, long rootFilesystem) {}
}
