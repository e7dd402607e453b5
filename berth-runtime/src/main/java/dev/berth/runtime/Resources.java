package dev.berth.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a container. A null component is left as it is: unlimited at creation, unchanged by an
 * update.
 *
 * @param memory memory limits
 * @param cpu processor limits
 * @param blockIo limits of block devices
 * @param pidsLimit most processes and threads; -1 for no limit
 * @param oomScoreAdjust of the first process, -1000 to 1000
 */
public record Resources(
    Memory memory,
    Cpu cpu,
    BlockIo blockIo,
    @Nullable Long pidsLimit,
    @Nullable Integer oomScoreAdjust) {

  /** No limit at all. */
  public static final Resources UNLIMITED =
      new Resources(Memory.UNLIMITED, Cpu.UNLIMITED, BlockIo.UNLIMITED, null, null);

  /**
   * Memory limits in bytes.
   *
   * @param limitBytes of memory; -1 for no limit
   * @param swapBytes of memory and swap together, as Docker counts; -1 for no limit
   * @param reservationBytes soft limit
   * @param swappiness 0 to 100; cgroup v1 only
   * @param disableOomKiller whether processes wait instead of being killed; cgroup v1 only
   */
  public record Memory(
      @Nullable Long limitBytes,
      @Nullable Long swapBytes,
      @Nullable Long reservationBytes,
      @Nullable Integer swappiness,
      @Nullable Boolean disableOomKiller) {
    /** No memory limit. */
    public static final Memory UNLIMITED = new Memory(null, null, null, null, null);
  }

  /**
   * Processor limits.
   *
   * @param shares relative weight, 2 to 262144
   * @param quotaMicros time in each period; -1 for no limit
   * @param periodMicros length of a period
   * @param realtimeRuntimeMicros for real-time threads
   * @param realtimePeriodMicros for real-time threads
   * @param cpus processors it may use, such as {@code 0-2,4}
   * @param memoryNodes memory nodes it may use
   */
  public record Cpu(
      @Nullable Long shares,
      @Nullable Long quotaMicros,
      @Nullable Long periodMicros,
      @Nullable Long realtimeRuntimeMicros,
      @Nullable Long realtimePeriodMicros,
      @Nullable String cpus,
      @Nullable String memoryNodes) {
    /** No processor limit. */
    public static final Cpu UNLIMITED = new Cpu(null, null, null, null, null, null, null);

    private static final long NANO_CPU_PERIOD_MICROS = 100_000;
    private static final long NANOS_PER_MICRO_OF_PERIOD = 1_000_000_000 / NANO_CPU_PERIOD_MICROS;

    /** Docker's {@code --cpus} in billionths of a processor, as quota and period. */
    public Cpu withNanoCpus(long nanoCpus) {
      return new Cpu(
          shares,
          nanoCpus / NANOS_PER_MICRO_OF_PERIOD,
          NANO_CPU_PERIOD_MICROS,
          realtimeRuntimeMicros,
          realtimePeriodMicros,
          cpus,
          memoryNodes);
    }
  }

  /**
   * Limits of block devices.
   *
   * @param weight 10 to 1000
   * @param deviceWeights weight on single devices
   * @param readBytesPerSecond throttles
   * @param writeBytesPerSecond throttles
   * @param readOperationsPerSecond throttles
   * @param writeOperationsPerSecond throttles
   */
  public record BlockIo(
      @Nullable Integer weight,
      List<DeviceRate> deviceWeights,
      List<DeviceRate> readBytesPerSecond,
      List<DeviceRate> writeBytesPerSecond,
      List<DeviceRate> readOperationsPerSecond,
      List<DeviceRate> writeOperationsPerSecond) {
    /** No block device limit. */
    public static final BlockIo UNLIMITED =
        new BlockIo(null, List.of(), List.of(), List.of(), List.of(), List.of());

    /** Copies the lists. */
    public BlockIo {
      deviceWeights = List.copyOf(deviceWeights);
      readBytesPerSecond = List.copyOf(readBytesPerSecond);
      writeBytesPerSecond = List.copyOf(writeBytesPerSecond);
      readOperationsPerSecond = List.copyOf(readOperationsPerSecond);
      writeOperationsPerSecond = List.copyOf(writeOperationsPerSecond);
    }
  }

  /**
   * A number for one block device.
   *
   * @param major device number
   * @param minor device number
   * @param value weight or rate
   */
  public record DeviceRate(long major, long minor, long value) {}
}
