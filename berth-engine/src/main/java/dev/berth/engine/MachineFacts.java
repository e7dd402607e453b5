package dev.berth.engine;

import dev.berth.engine.SystemInfo.KernelSupport;
import dev.berth.engine.SystemInfo.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what /proc, /sys and os-release tell of the machine. */
final class MachineFacts {
  private static final Path KERNEL = Path.of("/proc/sys/kernel");

  private MachineFacts() {}

  static Machine machine() {
    return new Machine(
        first(KERNEL.resolve("hostname")),
        osRelease("PRETTY_NAME", "Linux"),
        osRelease("VERSION_ID", ""),
        first(KERNEL.resolve("osrelease")),
        architecture(),
        java.lang.Runtime.getRuntime().availableProcessors(),
        memoryBytes(),
        count(Path.of("/proc/self/fd")),
        count(Path.of("/proc/self/task")));
  }

  private static int count(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return (int) entries.count();
    } catch (IOException unreadable) {
      return -1;
    }
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64" -> "x86_64";
      default -> System.getProperty("os.arch", "");
    };
  }

  private static long memoryBytes() {
    for (String line : lines(Path.of("/proc/meminfo"))) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return 0;
  }

  private static String osRelease(String key, String absent) {
    for (String line : lines(Path.of("/etc/os-release"))) {
      if (line.startsWith(key + "=")) {
        return line.substring(key.length() + 1).replace("\"", "");
      }
    }
    return absent;
  }

  static KernelSupport kernel(int cgroupVersion) {
    boolean unified = cgroupVersion == 2;
    Path root = Path.of("/sys/fs/cgroup");
    Path cpu = root.resolve("cpu");
    Path memory = root.resolve("memory");
    List<String> controllers =
        unified ? List.of(first(root.resolve("cgroup.controllers")).split(" ")) : List.of();
    return new KernelSupport(
        cgroupVersion,
        unified ? controllers.contains("memory") : exists(memory, "memory.limit_in_bytes"),
        unified ? controllers.contains("memory") : exists(memory, "memory.memsw.limit_in_bytes"),
        unified ? controllers.contains("cpu") : exists(cpu, "cpu.cfs_period_us"),
        unified ? controllers.contains("cpu") : exists(cpu, "cpu.cfs_quota_us"),
        unified ? controllers.contains("cpu") : exists(cpu, "cpu.shares"),
        unified ? controllers.contains("cpuset") : exists(root.resolve("cpuset"), "cpuset.cpus"),
        unified ? controllers.contains("pids") : Files.exists(root.resolve("pids")),
        !unified && exists(memory, "memory.oom_control"),
        first(Path.of("/proc/sys/net/ipv4/ip_forward")).equals("1"),
        Files.exists(KERNEL.resolve("seccomp")),
        Files.exists(Path.of("/sys/kernel/security/apparmor")));
  }

  private static boolean exists(Path directory, String file) {
    return Files.exists(directory.resolve(file));
  }

  static List<String> warnings(KernelSupport kernel) {
    List<String> warnings = new ArrayList<>();
    add(warnings, kernel.memoryLimit(), "No memory limit support");
    add(warnings, kernel.swapLimit(), "No swap limit support");
    boolean unified = kernel.cgroupVersion() == 2;
    if (!unified) {
      add(warnings, kernel.oomKillDisable(), "No oom kill disable support");
    }
    add(warnings, kernel.cpuQuota(), "No cpu cfs quota support");
    add(warnings, kernel.cpuPeriod(), "No cpu cfs period support");
    add(warnings, kernel.cpuShares(), "No cpu shares support");
    add(warnings, kernel.cpuSet(), "No cpuset support");
    blockIo(warnings, unified);
    add(warnings, kernel.ipv4Forwarding(), "IPv4 forwarding is disabled");
    return warnings;
  }

  private static void blockIo(List<String> warnings, boolean unified) {
    Path root = Path.of("/sys/fs/cgroup");
    if (unified) {
      boolean io = List.of(first(root.resolve("cgroup.controllers")).split(" ")).contains("io");
      for (String missing :
          List.of(
              "io.weight",
              "io.weight (per device)",
              "io.max (rbps)",
              "io.max (wbps)",
              "io.max (riops)",
              "io.max (wiops)")) {
        add(warnings, io, "No " + missing + " support");
      }
      return;
    }
    for (String kind :
        List.of("read_bps_device", "write_bps_device", "read_iops_device", "write_iops_device")) {
      boolean there = exists(root.resolve("blkio"), "blkio.throttle." + kind);
      add(warnings, there, "No blkio throttle." + kind + " support");
    }
  }

  private static void add(List<String> warnings, boolean supported, String warning) {
    if (!supported) {
      warnings.add("WARNING: " + warning);
    }
  }

  private static String first(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? "" : lines.getFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException unreadable) {
      return List.of();
    }
  }
}
