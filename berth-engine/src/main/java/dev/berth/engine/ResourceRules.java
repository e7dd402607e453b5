package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.Resources.Cpu;
import dev.berth.engine.Resources.Memory;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks limits, and joins an update with the limits before it. */
final class ResourceRules {
  private static final long LEAST_MEMORY = 6L << 20;
  private static final Pattern CPU_LIST = Pattern.compile("\\d+(-\\d+)?(,\\d+(-\\d+)?)*");

  private ResourceRules() {}

  static void check(Resources resources) {
    checkMemory(resources.memory());
    checkCpu(resources.cpu());
    int weight = resources.blockIo().weight();
    if (weight != 0 && (weight < 10 || weight > 1000)) {
      throw EngineException.invalid("Range of blkio weight is from 10 to 1000");
    }
    for (String rule : SpecValidation.orEmpty(resources.deviceCgroupRules())) {
      if (!rule.matches("[acb] ([0-9]+|\\*):([0-9]+|\\*) [rwm]{1,3}")) {
        throw EngineException.invalid("invalid device cgroup rule format: '" + rule + "'");
      }
    }
    if (resources.devices() != null) {
      for (Resources.Device device : resources.devices()) {
        if (!device.permissions().isEmpty() && !device.permissions().matches("[rwm]{1,3}")) {
          throw EngineException.invalid("invalid device mode: " + device.permissions());
        }
      }
    }
  }

  private static void checkMemory(Memory memory) {
    long limit = memory.limit();
    if (limit != 0 && limit < LEAST_MEMORY) {
      throw EngineException.invalid("Minimum memory limit allowed is 6MB");
    }
    if (limit > 0 && memory.swap() > 0 && memory.swap() < limit) {
      throw EngineException.invalid(
          "Minimum memoryswap limit should be larger than memory limit, see usage");
    }
    if (limit == 0 && memory.swap() > 0) {
      throw EngineException.invalid(
          "You should always set the Memory limit when using Memoryswap limit, see usage");
    }
    Long swappiness = memory.swappiness();
    if (swappiness != null && swappiness != -1 && (swappiness < 0 || swappiness > 100)) {
      throw EngineException.invalid(
          "Invalid value: " + swappiness + ", valid memory swappiness range is 0-100");
    }
    long reservation = memory.reservation();
    if (reservation > 0 && reservation < LEAST_MEMORY) {
      throw EngineException.invalid("Minimum memory reservation allowed is 6MB");
    }
    if (limit > 0 && reservation > 0 && limit < reservation) {
      throw EngineException.invalid(
          "Minimum memory limit can not be less than memory reservation limit, see usage");
    }
    int adjust = memory.oomScoreAdjust();
    if (adjust < -1000 || adjust > 1000) {
      throw EngineException.invalid(
          "Invalid value " + adjust + ", range for oom score adj is [-1000, 1000]");
    }
  }

  private static void checkCpu(Cpu cpu) {
    if (cpu.nanoCpus() > 0) {
      if (cpu.periodMicros() > 0) {
        throw conflict("Nano CPUs and CPU Period cannot both be set.");
      }
      if (cpu.quotaMicros() > 0) {
        throw conflict("Nano CPUs and CPU Quota cannot both be set.");
      }
    }
    int online = java.lang.Runtime.getRuntime().availableProcessors();
    if (cpu.nanoCpus() < 0 || cpu.nanoCpus() > online * 1_000_000_000L) {
      throw EngineException.invalid(
          String.format(
              Locale.ROOT,
              "range of CPUs is from 0.01 to %d.00, as there are only %d CPUs available",
              online,
              online));
    }
    long period = cpu.periodMicros();
    if (period != 0 && (period < 1000 || period > 1_000_000)) {
      throw EngineException.invalid(
          "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)");
    }
    if (cpu.quotaMicros() > 0 && cpu.quotaMicros() < 1000) {
      throw EngineException.invalid("CPU cfs quota can not be less than 1ms (i.e. 1000)");
    }
    if (cpu.shares() < 0) {
      throw EngineException.invalid(
          "invalid CPU shares (" + cpu.shares() + "): value must be a positive integer");
    }
    checkCpuList(cpu.cpus(), "cpus", online - 1);
    checkCpuList(cpu.memoryNodes(), "mems", Integer.MAX_VALUE);
  }

  private static void checkCpuList(String list, String what, int largest) {
    if (list.isEmpty()) {
      return;
    }
    if (!CPU_LIST.matcher(list).matches()) {
      throw EngineException.invalid("Invalid value " + list + " for cpuset " + what);
    }
    for (String number : list.split("[-,]")) {
      if (number.length() > 6 || Integer.parseInt(number) > largest) {
        throw EngineException.invalid(
            (what.equals("cpus") ? "Requested CPUs" : "Requested memory nodes")
                + " are not available - requested "
                + list
                + ", available: 0-"
                + largest);
      }
    }
  }

  private static EngineException conflict(String what) {
    return EngineException.invalid("conflicting options: " + what);
  }

  /**
   * The limits after an update.
   *
   * @throws EngineException INVALID with Docker's words
   */
  static Resources join(Resources before, Resources update) {
    Cpu cpu = join(before.cpu(), update.cpu());
    Memory memory = join(before.memory(), update.memory());
    Resources joined =
        new Resources(
            cpu,
            memory,
            update.blockIo().weight() == 0
                ? before.blockIo()
                : withWeight(before.blockIo(), update.blockIo().weight()),
            update.pidsLimit() == null ? before.pidsLimit() : update.pidsLimit(),
            before.cgroupParent(),
            before.ulimits(),
            before.devices(),
            before.deviceCgroupRules(),
            before.deviceRequests());
    check(joined);
    return joined;
  }

  private static Resources.BlockIo withWeight(Resources.BlockIo before, int weight) {
    return new Resources.BlockIo(
        weight,
        before.weightDevices(),
        before.readBytesPerSecond(),
        before.writeBytesPerSecond(),
        before.readOperationsPerSecond(),
        before.writeOperationsPerSecond());
  }

  private static Cpu join(Cpu before, Cpu update) {
    if (update.nanoCpus() != 0 && before.periodMicros() != 0) {
      throw conflict("Nano CPUs cannot be updated as CPU Period has already been set");
    }
    if (update.nanoCpus() != 0 && before.quotaMicros() != 0) {
      throw conflict("Nano CPUs cannot be updated as CPU Quota has already been set");
    }
    if (update.quotaMicros() != 0 && before.nanoCpus() != 0) {
      throw conflict("CPU Quota cannot be updated as NanoCPUs has already been set");
    }
    if (update.periodMicros() != 0 && before.nanoCpus() != 0) {
      throw conflict("CPU Period cannot be updated as NanoCPUs has already been set");
    }
    return new Cpu(
        orElse(update.shares(), before.shares()),
        orElse(update.nanoCpus(), before.nanoCpus()),
        orElse(update.periodMicros(), before.periodMicros()),
        orElse(update.quotaMicros(), before.quotaMicros()),
        orElse(update.realtimePeriodMicros(), before.realtimePeriodMicros()),
        orElse(update.realtimeRuntimeMicros(), before.realtimeRuntimeMicros()),
        update.cpus().isEmpty() ? before.cpus() : update.cpus(),
        update.memoryNodes().isEmpty() ? before.memoryNodes() : update.memoryNodes());
  }

  private static Memory join(Memory before, Memory update) {
    boolean beyondSwap =
        update.limit() != 0
            && update.swap() == 0
            && before.swap() > 0
            && update.limit() > before.swap();
    if (beyondSwap) {
      throw EngineException.conflict(
          "Memory limit should be smaller than already set memoryswap limit, update the memoryswap"
              + " at the same time");
    }
    return new Memory(
        orElse(update.limit(), before.limit()),
        orElse(update.reservation(), before.reservation()),
        orElse(update.swap(), before.swap()),
        before.swappiness(),
        orElse(update.kernelTcp(), before.kernelTcp()),
        before.oomKillDisable(),
        before.oomScoreAdjust());
  }

  private static long orElse(long asked, long before) {
    return asked == 0 ? before : asked;
  }

  /** Null for zero. */
  static @Nullable Long orNull(long value) {
    return value == 0 ? null : value;
  }

  /** Null for an empty text. */
  static @Nullable String orNull(String value) {
    return value.isEmpty() ? null : value;
  }

  /** An empty list for null. */
  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
