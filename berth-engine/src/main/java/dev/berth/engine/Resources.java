package dev.berth.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a container may use; zero, empty or null is no limit.
 *
 * @param cpu processor time
 * @param memory memory
 * @param blockIo block devices
 * @param pidsLimit processes; null, 0 or -1 for no limit
 * @param cgroupParent the cgroup it lives below; empty for the engine's
 * @param ulimits of its processes
 * @param devices it may use
 * @param deviceCgroupRules such as {@code c 13:* rwm}
 * @param deviceRequests of device drivers
 */
public record Resources(
    Cpu cpu,
    Memory memory,
    BlockIo blockIo,
    @Nullable Long pidsLimit,
    String cgroupParent,
    @Nullable List<Ulimit> ulimits,
    @Nullable List<Device> devices,
    @Nullable List<String> deviceCgroupRules,
    @Nullable List<DeviceRequest> deviceRequests) {

  /**
   * Processor time.
   *
   * @param shares relative weight
   * @param nanoCpus in billionths of a processor
   * @param periodMicros length of a period
   * @param quotaMicros time within a period
   * @param realtimePeriodMicros as above, real-time
   * @param realtimeRuntimeMicros as above, real-time
   * @param cpus such as {@code 0-3}
   * @param memoryNodes such as {@code 0}
   */
  public record Cpu(
      long shares,
      long nanoCpus,
      long periodMicros,
      long quotaMicros,
      long realtimePeriodMicros,
      long realtimeRuntimeMicros,
      String cpus,
      String memoryNodes) {}

  /**
   * Memory, in bytes.
   *
   * @param limit hard limit
   * @param reservation soft limit
   * @param swap memory and swap together; -1 for unlimited swap
   * @param swappiness 0 to 100; null for the default
   * @param kernelTcp of TCP buffers
   * @param oomKillDisable null when not sent
   * @param oomScoreAdjust -1000 to 1000
   */
  public record Memory(
      long limit,
      long reservation,
      long swap,
      @Nullable Long swappiness,
      long kernelTcp,
      @Nullable Boolean oomKillDisable,
      int oomScoreAdjust) {}

  /**
   * Block devices.
   *
   * @param weight 10 to 1000; zero for none
   * @param weightDevices weights by device
   * @param readBytesPerSecond limits by device
   * @param writeBytesPerSecond limits by device
   * @param readOperationsPerSecond limits by device
   * @param writeOperationsPerSecond limits by device
   */
  public record BlockIo(
      int weight,
      @Nullable List<DeviceRate> weightDevices,
      @Nullable List<DeviceRate> readBytesPerSecond,
      @Nullable List<DeviceRate> writeBytesPerSecond,
      @Nullable List<DeviceRate> readOperationsPerSecond,
      @Nullable List<DeviceRate> writeOperationsPerSecond) {}

  /**
   * A rate or weight of one device.
   *
   * @param path of the device on the host
   * @param rate per second, or a weight
   */
  public record DeviceRate(String path, long rate) {}

  /**
   * A limit of a process.
   *
   * @param name such as {@code nofile}
   * @param soft the limit; -1 for none
   * @param hard its ceiling; -1 for none
   */
  public record Ulimit(String name, long soft, long hard) {}

  /**
   * A host device in the container.
   *
   * @param pathOnHost a node or a directory of nodes
   * @param pathInContainer where it appears
   * @param permissions of {@code rwm}
   */
  public record Device(String pathOnHost, String pathInContainer, String permissions) {}

  /**
   * A request to a device driver.
   *
   * @param driver its name
   * @param count how many; -1 for all
   * @param deviceIds which ones
   * @param capabilities an OR of ANDs
   * @param options of the driver
   */
  public record DeviceRequest(
      String driver,
      int count,
      @Nullable List<String> deviceIds,
      @Nullable List<List<String>> capabilities,
      @Nullable Map<String, String> options) {}

  /** No limits at all. */
  public static Resources unlimited() {
    return new Resources(
        new Cpu(0, 0, 0, 0, 0, 0, "", ""),
        new Memory(0, 0, 0, null, 0, null, 0),
        new BlockIo(0, null, null, null, null, null),
        null,
        "",
        null,
        null,
        null,
        null);
  }
}
