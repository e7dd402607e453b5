package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.runtime.Runtime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.IntSupplier;

/** Facts of the engine and its machine. */
public final class SystemInfo {

  private static final String ID_FILE = "engine-id";

  private final Features features;
  private final ContainerTable table;
  private final IntSupplier images;

  /**
   * @param images counts them
   */
  SystemInfo(Features features, ContainerTable table, IntSupplier images) {
    this.features = features;
    this.table = table;
    this.images = images;
  }

  /** Counts of containers and the machine's facts; cheap enough for each call of info. */
  public Summary summary() {
    int running = 0;
    int paused = 0;
    int stopped = 0;
    for (LiveContainer container : table.all()) {
      switch (container.state()) {
        case ContainerState.Running state -> running++;
        case ContainerState.Paused state -> paused++;
        default -> stopped++;
      }
    }
    Runtime runtime = features.runtime("");
    KernelSupport kernel = MachineFacts.kernel(runtime.cgroups().version());
    return new Summary(
        engineId(),
        running,
        paused,
        stopped,
        images.getAsInt(),
        MachineFacts.machine(),
        kernel,
        runtime.version(),
        runtime.initVersion(),
        runtime.monitorVersion(),
        MachineFacts.warnings(kernel));
  }

  private String engineId() {
    Path file = features.settings().dataRoot().resolve(ID_FILE);
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      String fresh = new UUID(random(), random()).toString();
      Files.writeString(file, fresh);
      return fresh;
    } catch (IOException failure) {
      throw EngineException.internal("the engine's id cannot be kept", failure);
    }
  }

  private long random() {
    return features.surroundings().random().nextLong();
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
   * @param engineDescriptors open in the engine
   * @param engineThreads of the engine
   */
  public record Machine(
      String hostname,
      String operatingSystem,
      String operatingSystemVersion,
      String kernelVersion,
      String architecture,
      int cpus,
      long memoryBytes,
      int engineDescriptors,
      int engineThreads) {}

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
