package dev.berth.engine;

import java.util.List;

/** Facts of the engine and its machine. */
public final class SystemInfo {

  SystemInfo() {}

  /** Counts of containers and the machine's facts; cheap enough for each call of info. */
  public Summary summary() {
    throw new UnsupportedOperationException();
  }

  /**
   * What info and version show of the machine and the containers.
   *
   * @param engineId kept in the data root
   * @param running containers that run and are not paused
   * @param paused containers that are paused
   * @param stopped all others
   * @param images all images
   * @param machine the machine
   * @param kernel what the kernel offers
   * @param runtimeVersion of the OCI runtime; empty when it cannot be asked
   * @param initVersion of the init program; empty when there is none
   * @param monitorVersion of conmon; empty when it cannot be asked
   * @param warnings in Docker's words
   */
  public record Summary(
      String engineId,
      int running,
      int paused,
      int stopped,
      int images,
      Machine machine,
      KernelSupport kernel,
      String runtimeVersion,
      String initVersion,
      String monitorVersion,
      List<String> warnings) {}

  /**
   * The machine.
   *
   * @param hostname of the host
   * @param operatingSystem from os-release
   * @param operatingSystemVersion from os-release
   * @param kernelVersion from uname
   * @param architecture from uname, such as {@code x86_64}
   * @param cpus online
   * @param memoryBytes in all
   */
  public record Machine(
      String hostname,
      String operatingSystem,
      String operatingSystemVersion,
      String kernelVersion,
      String architecture,
      int cpus,
      long memoryBytes) {}

  /**
   * What the kernel offers.
   *
   * @param cgroupVersion 1 or 2
   * @param memoryLimit and so on, as Docker's info names them
   */
  public record KernelSupport(
      int cgroupVersion,
      boolean memoryLimit,
      boolean swapLimit,
      boolean cpuPeriod,
      boolean cpuQuota,
      boolean cpuShares,
      boolean cpuSet,
      boolean pidsLimit,
      boolean oomKillDisable,
      boolean ipv4Forwarding,
      boolean seccomp,
      boolean apparmor) {}
}
