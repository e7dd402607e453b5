package dev.berth.runtime;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a container uses, in the units of Docker's statistics; the same for both versions of
 * cgroups.
 *
 * @param read when
 * @param cpu processor time
 * @param memory memory
 * @param pids processes
 * @param blockIo block devices; empty where the kernel does not count
 */
public record ResourceUsage(
    Instant read, Cpu cpu, Memory memory, Pids pids, List<BlockIo> blockIo) {
  /** Copies the list. */
  public ResourceUsage {
    blockIo = List.copyOf(blockIo);
  }

  /**
   * Processor time since the container's start.
   *
   * @param totalNanos all of it
   * @param kernelNanos in the kernel
   * @param userNanos outside the kernel
   * @param perProcessorNanos by processor; empty with cgroup v2
   * @param systemNanos of the whole machine, since its start
   * @param onlineProcessors how many
   * @param throttling what the limit did
   */
  public record Cpu(
      long totalNanos,
      long kernelNanos,
      long userNanos,
      List<Long> perProcessorNanos,
      long systemNanos,
      int onlineProcessors,
      Throttling throttling) {
    /** Copies the list. */
    public Cpu {
      perProcessorNanos = List.copyOf(perProcessorNanos);
    }
  }

  /**
   * What a processor limit did.
   *
   * @param periods that passed
   * @param throttledPeriods in which it waited
   * @param throttledNanos it waited
   */
  public record Throttling(long periods, long throttledPeriods, long throttledNanos) {}

  /**
   * Memory.
   *
   * @param usageBytes now, page cache included
   * @param maxUsageBytes most so far; 0 with cgroup v2
   * @param limitBytes its limit or the machine's memory
   * @param failures how often the limit was hit
   * @param details of {@code memory.stat}
   */
  public record Memory(
      long usageBytes,
      long maxUsageBytes,
      long limitBytes,
      long failures,
      Map<String, Long> details) {
    /** Copies the map. */
    public Memory {
      details = Map.copyOf(details);
    }
  }

  /**
   * Processes and threads.
   *
   * @param current how many
   * @param limit most; 0 for no limit
   */
  public record Pids(long current, long limit) {}

  /**
   * A count of one block device.
   *
   * @param major device number
   * @param minor device number
   * @param operation {@code read} or {@code write}
   * @param bytes transferred
   * @param operations how many
   */
  public record BlockIo(long major, long minor, String operation, long bytes, long operations) {}
}
