package dev.berth.runtime.driver.cgroup;

import dev.berth.runtime.ResourceUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads what a control group has used. */
final class UsageReader {
  private static final long NANOS_PER_TICK = 10_000_000;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final int PROC_STAT_FIELDS = 8;
  private static final int KIB = 1024;

  private UsageReader() {}

  static ResourceUsage version1(ContainerCgroup group, Instant now) {
    Path accounting = group.directory("cpuacct");
    Map<String, Long> times = CgroupFiles.keyed(accounting.resolve("cpuacct.stat"));
    Map<String, Long> throttling = CgroupFiles.keyed(group.directory("cpu").resolve("cpu.stat"));
    Path memory = group.directory("memory");
    Machine machine = Machine.read();
    return new ResourceUsage(
        now,
        new ResourceUsage.Cpu(
            CgroupFiles.number(accounting.resolve("cpuacct.usage")),
            times.getOrDefault("system", 0L) * NANOS_PER_TICK,
            times.getOrDefault("user", 0L) * NANOS_PER_TICK,
            CgroupFiles.numbers(accounting.resolve("cpuacct.usage_percpu")),
            machine.cpuNanos(),
            machine.processors(),
            new ResourceUsage.Throttling(
                throttling.getOrDefault("nr_periods", 0L),
                throttling.getOrDefault("nr_throttled", 0L),
                throttling.getOrDefault("throttled_time", 0L))),
        new ResourceUsage.Memory(
            CgroupFiles.number(memory.resolve("memory.usage_in_bytes")),
            CgroupFiles.number(memory.resolve("memory.max_usage_in_bytes")),
            limit(CgroupFiles.number(memory.resolve("memory.limit_in_bytes")), machine),
            CgroupFiles.number(memory.resolve("memory.failcnt")),
            CgroupFiles.keyed(memory.resolve("memory.stat"))),
        pids(group.directory("pids")),
        blockIo1(group.directory("blkio")));
  }

  static ResourceUsage version2(Path directory, Instant now) {
    Map<String, Long> cpu = CgroupFiles.keyed(directory.resolve("cpu.stat"));
    Machine machine = Machine.read();
    return new ResourceUsage(
        now,
        new ResourceUsage.Cpu(
            cpu.getOrDefault("usage_usec", 0L) * NANOS_PER_MICRO,
            cpu.getOrDefault("system_usec", 0L) * NANOS_PER_MICRO,
            cpu.getOrDefault("user_usec", 0L) * NANOS_PER_MICRO,
            List.of(),
            machine.cpuNanos(),
            machine.processors(),
            new ResourceUsage.Throttling(
                cpu.getOrDefault("nr_periods", 0L),
                cpu.getOrDefault("nr_throttled", 0L),
                cpu.getOrDefault("throttled_usec", 0L) * NANOS_PER_MICRO)),
        new ResourceUsage.Memory(
            CgroupFiles.number(directory.resolve("memory.current")),
            0,
            limit(memoryMax(directory), machine),
            CgroupFiles.keyed(directory.resolve("memory.events")).getOrDefault("oom", 0L),
            CgroupFiles.keyed(directory.resolve("memory.stat"))),
        pids(directory),
        blockIo2(directory));
  }

  private static long memoryMax(Path directory) {
    Path file = directory.resolve("memory.max");
    return Files.exists(file) ? CgroupFiles.number(file) : Long.MAX_VALUE;
  }

  private static long limit(long limit, Machine machine) {
    return limit <= 0 || limit > machine.memoryBytes() ? machine.memoryBytes() : limit;
  }

  private static ResourceUsage.Pids pids(Path directory) {
    long limit = CgroupFiles.number(directory.resolve("pids.max"));
    return new ResourceUsage.Pids(
        CgroupFiles.number(directory.resolve("pids.current")), limit == Long.MAX_VALUE ? 0 : limit);
  }

  /** Lines such as {@code 8:0 Read 4096}. */
  private static List<ResourceUsage.BlockIo> blockIo1(Path directory) {
    Map<String, Long> bytes = blockCounts(directory, "blkio.throttle.io_service_bytes");
    Map<String, Long> operations = blockCounts(directory, "blkio.throttle.io_serviced");
    List<ResourceUsage.BlockIo> result = new ArrayList<>();
    bytes.forEach((key, value) -> {
      String[] parts = key.split("[: ]");
      result.add(
          new ResourceUsage.BlockIo(
              Long.parseLong(parts[0]),
              Long.parseLong(parts[1]),
              parts[2].toLowerCase(Locale.ROOT),
              value,
              operations.getOrDefault(key, 0L)));
    });
    return result;
  }

  private static Map<String, Long> blockCounts(Path directory, String name) {
    Path recursive = directory.resolve(name + "_recursive");
    String text = CgroupFiles.text(Files.exists(recursive) ? recursive : directory.resolve(name));
    Map<String, Long> result = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      String[] cells = line.split(" ");
      if (cells.length == 3 && (cells[1].equals("Read") || cells[1].equals("Write"))) {
        result.put(cells[0] + " " + cells[1], Long.parseLong(cells[2]));
      }
    }
    return result;
  }

  /** Lines such as {@code 8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0}. */
  private static List<ResourceUsage.BlockIo> blockIo2(Path directory) {
    List<ResourceUsage.BlockIo> result = new ArrayList<>();
    for (String line : CgroupFiles.text(directory.resolve("io.stat")).lines().toList()) {
      String[] cells = line.split(" ");
      String[] device = cells[0].split(":");
      Map<String, Long> counts = new LinkedHashMap<>();
      for (String cell : cells) {
        int equals = cell.indexOf('=');
        if (equals > 0) {
          counts.put(cell.substring(0, equals), Long.parseLong(cell.substring(equals + 1)));
        }
      }
      if (device.length == 2 && !counts.isEmpty()) {
        long major = Long.parseLong(device[0]);
        long minor = Long.parseLong(device[1]);
        result.add(
            new ResourceUsage.BlockIo(
                major,
                minor,
                "read",
                counts.getOrDefault("rbytes", 0L),
                counts.getOrDefault("rios", 0L)));
        result.add(
            new ResourceUsage.BlockIo(
                major,
                minor,
                "write",
                counts.getOrDefault("wbytes", 0L),
                counts.getOrDefault("wios", 0L)));
      }
    }
    return result;
  }

  /** What the whole machine has. */
  private record Machine(long cpuNanos, int processors, long memoryBytes) {
    static Machine read() {
      List<String> lines = CgroupFiles.text(Path.of("/proc/stat")).lines().toList();
      long ticks = 0;
      int processors = 0;
      for (String line : lines) {
        String[] cells = line.split("\\s+");
        if (cells[0].equals("cpu")) {
          for (int i = 1; i < cells.length && i <= PROC_STAT_FIELDS; i++) {
            ticks += Long.parseLong(cells[i]);
          }
        } else if (cells[0].startsWith("cpu")) {
          processors++;
        }
      }
      long memory = 0;
      for (String line : CgroupFiles.text(Path.of("/proc/meminfo")).lines().toList()) {
        if (line.startsWith("MemTotal:")) {
          memory = Long.parseLong(line.split("\\s+")[1]) * KIB;
        }
      }
      return new Machine(ticks * NANOS_PER_TICK, processors, memory);
    }
  }
}
