package dev.berth.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The part of a container that does not depend on the host: Docker's {@code ContainerConfig}.
 *
 * @param image the reference as the user wrote it
 * @param identity what it is called
 * @param command what runs in it
 * @param streams what happens to its standard streams
 * @param exposedPorts such as {@code 80/tcp}
 * @param volumes paths that get an anonymous volume
 * @param stop how to stop it
 * @param healthcheck how to probe it
 * @param networkDisabled whether it gets no network at all
 * @param onBuild instructions for builds from it; only echoed
 */
public record ContainerConfig(
    String image,
    Identity identity,
    Command command,
    Streams streams,
    @Nullable Set<String> exposedPorts,
    @Nullable Set<String> volumes,
    Stop stop,
    @Nullable Healthcheck healthcheck,
    boolean networkDisabled,
    @Nullable List<String> onBuild) {

  /**
   * What a container is called.
   *
   * @param hostname empty for the short id
   * @param domainname empty for none
   * @param macAddress the deprecated container-wide hardware address; empty for none
   * @param labels user-defined facts
   */
  public record Identity(
      String hostname,
      String domainname,
      String macAddress,
      @Nullable Map<String, String> labels) {}

  /**
   * What runs in a container.
   *
   * @param entrypoint null to inherit; one empty string to clear the image's
   * @param arguments Docker's {@code Cmd}
   * @param environment {@code NAME=value}; a bare {@code NAME} unsets it
   * @param workingDirectory empty to inherit
   * @param user {@code user[:group]} by name or number; empty to inherit
   * @param shell only echoed and used by CMD-SHELL probes
   * @param argsEscaped Windows only; echoed
   */
  public record Command(
      @Nullable List<String> entrypoint,
      @Nullable List<String> arguments,
      @Nullable List<String> environment,
      String workingDirectory,
      String user,
      @Nullable List<String> shell,
      boolean argsEscaped) {}

  /**
   * The standard streams.
   *
   * @param attachStdin what the client that created it attaches; only echoed
   * @param attachStdout as above
   * @param attachStderr as above
   * @param tty whether the process gets a terminal
   * @param openStdin whether its input is kept open without a client
   * @param stdinOnce whether its input ends with the first client
   */
  public record Streams(
      boolean attachStdin,
      boolean attachStdout,
      boolean attachStderr,
      boolean tty,
      boolean openStdin,
      boolean stdinOnce) {}

  /**
   * How to stop a container.
   *
   * @param signal a name or number, or null for SIGTERM
   * @param timeoutSeconds how long until SIGKILL, or null for the engine's ten seconds; negative
   *     for ever
   */
  public record Stop(@Nullable String signal, @Nullable Integer timeoutSeconds) {}

  /**
   * How to probe a container; zero durations mean the default.
   *
   * @param test {@code NONE}, or {@code CMD} with arguments, or {@code CMD-SHELL} with one line;
   *     empty to inherit
   * @param intervalNanos between two probes
   * @param timeoutNanos until a probe counts as failed
   * @param startPeriodNanos in which failures do not count
   * @param startIntervalNanos between two probes within the start period
   * @param retries failures in a row that make it unhealthy
   */
  public record Healthcheck(
      @Nullable List<String> test,
      long intervalNanos,
      long timeoutNanos,
      long startPeriodNanos,
      long startIntervalNanos,
      int retries) {}

  /** The same with another command. */
  public ContainerConfig withCommand(Command other) {
    return new ContainerConfig(
        image,
        identity,
        other,
        streams,
        exposedPorts,
        volumes,
        stop,
        healthcheck,
        networkDisabled,
        onBuild);
  }

  /** The same with another identity. */
  public ContainerConfig withIdentity(Identity other) {
    return new ContainerConfig(
        image,
        other,
        command,
        streams,
        exposedPorts,
        volumes,
        stop,
        healthcheck,
        networkDisabled,
        onBuild);
  }
}
