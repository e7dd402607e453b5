package dev.berth.image;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an image says about the containers made from it. Source: OCI image specification, "Image
 * Configuration", and Docker's additions to it.
 *
 * @param user name or id, optionally with a group; empty for root
 * @param exposedPorts for instance {@code 80/tcp}
 * @param env {@code NAME=value}
 * @param entrypoint null when the image has none (an empty list also means none, but is kept)
 * @param cmd null when the image has none
 * @param volumes paths
 * @param workingDir an absolute path, or empty for the root
 * @param labels free facts
 * @param stopSignal a name or number, or null for SIGTERM
 * @param healthcheck or null
 * @param onBuild instructions for a build based on this image
 * @param shell what a build runs shell-form instructions with, or null
 * @param argsEscaped Windows only; kept
 */
public record ImageConfig(
    String user,
    Set<String> exposedPorts,
    List<String> env,
    @Nullable List<String> entrypoint,
    @Nullable List<String> cmd,
    Set<String> volumes,
    String workingDir,
    Map<String, String> labels,
    @Nullable String stopSignal,
    @Nullable Healthcheck healthcheck,
    List<String> onBuild,
    @Nullable List<String> shell,
    boolean argsEscaped) {

  /** One that says nothing. */
  public static final ImageConfig EMPTY =
      new ImageConfig(
          "", Set.of(), List.of(), null, null, Set.of(), "", Map.of(), null, null, List.of(), null,
          false);

  /** Copies the collections. */
  public ImageConfig {
    exposedPorts = Set.copyOf(exposedPorts);
    env = List.copyOf(env);
    entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
    cmd = cmd == null ? null : List.copyOf(cmd);
    volumes = Set.copyOf(volumes);
    labels = Map.copyOf(labels);
    onBuild = List.copyOf(onBuild);
    shell = shell == null ? null : List.copyOf(shell);
  }
}
