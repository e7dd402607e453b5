package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.Resources.BlockIo;
import dev.berth.engine.Resources.Cpu;
import dev.berth.engine.Resources.DeviceRate;
import dev.berth.engine.Resources.Memory;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says limits in the runtime's words. */
final class RuntimeResources {
  private RuntimeResources() {}

  static dev.berth.runtime.Resources of(Resources asked) {
    return new dev.berth.runtime.Resources(
        memory(asked.memory()),
        cpu(asked.cpu()),
        blockIo(asked.blockIo()),
        pids(asked.pidsLimit()),
        asked.memory().oomScoreAdjust() == 0 ? null : asked.memory().oomScoreAdjust());
  }

  private static @Nullable Long pids(@Nullable Long limit) {
    return limit == null || limit == 0 ? null : limit;
  }

  private static dev.berth.runtime.Resources.Memory memory(Memory asked) {
    Long swappiness = asked.swappiness();
    long swap = asked.swap() == 0 && asked.limit() > 0 ? 2 * asked.limit() : asked.swap();
    return new dev.berth.runtime.Resources.Memory(
        ResourceRules.orNull(asked.limit()),
        ResourceRules.orNull(swap),
        ResourceRules.orNull(asked.reservation()),
        swappiness == null || swappiness < 0 ? null : swappiness.intValue(),
        Boolean.TRUE.equals(asked.oomKillDisable()) ? Boolean.TRUE : null);
  }

  private static dev.berth.runtime.Resources.Cpu cpu(Cpu asked) {
    dev.berth.runtime.Resources.Cpu cpu =
        new dev.berth.runtime.Resources.Cpu(
            ResourceRules.orNull(asked.shares()),
            ResourceRules.orNull(asked.quotaMicros()),
            ResourceRules.orNull(asked.periodMicros()),
            ResourceRules.orNull(asked.realtimeRuntimeMicros()),
            ResourceRules.orNull(asked.realtimePeriodMicros()),
            ResourceRules.orNull(asked.cpus()),
            ResourceRules.orNull(asked.memoryNodes()));
    return asked.nanoCpus() > 0 ? cpu.withNanoCpus(asked.nanoCpus()) : cpu;
  }

  private static dev.berth.runtime.Resources.BlockIo blockIo(BlockIo asked) {
    return new dev.berth.runtime.Resources.BlockIo(
        asked.weight() == 0 ? null : asked.weight(),
        rates(asked.weightDevices()),
        rates(asked.readBytesPerSecond()),
        rates(asked.writeBytesPerSecond()),
        rates(asked.readOperationsPerSecond()),
        rates(asked.writeOperationsPerSecond()));
  }

  private static List<dev.berth.runtime.Resources.DeviceRate> rates(
      @Nullable List<DeviceRate> asked) {
    List<dev.berth.runtime.Resources.DeviceRate> rates = new ArrayList<>();
    for (DeviceRate rate : ResourceRules.orEmpty(asked)) {
      FileStatus status = device(rate.path());
      rates.add(
          new dev.berth.runtime.Resources.DeviceRate(
              status.specialMajor(), status.specialMinor(), rate.rate()));
    }
    return rates;
  }

  private static FileStatus device(String path) {
    try {
      return FileCalls.statx(Fd.currentDirectory(), path, 0);
    } catch (LinuxException failure) {
      throw EngineException.internal(
          "error gathering device information while adding custom device \""
              + path
              + "\": no such file or directory",
          failure);
    }
  }

  /** The device nodes that a device option means: itself, or all below a directory. */
  static List<dev.berth.runtime.SecuritySpec.Device> devices(Resources.Device asked) {
    String permissions = asked.permissions().isEmpty() ? "rwm" : asked.permissions();
    String inside =
        asked.pathInContainer().isEmpty() ? asked.pathOnHost() : asked.pathInContainer();
    FileStatus status = device(asked.pathOnHost());
    if (!status.isDirectory()) {
      boolean node = status.kind() == FileFlags.S_IFCHR || status.kind() == FileFlags.S_IFBLK;
      if (!node) {
        throw EngineException.internal(
            "error gathering device information while adding custom device \""
                + asked.pathOnHost()
                + "\": not a device node",
            null);
      }
      return List.of(
          new dev.berth.runtime.SecuritySpec.Device(asked.pathOnHost(), inside, permissions));
    }
    List<dev.berth.runtime.SecuritySpec.Device> nodes = new ArrayList<>();
    collect(asked.pathOnHost(), inside, permissions, nodes);
    return nodes;
  }

  private static void collect(
      String host,
      String inside,
      String permissions,
      List<dev.berth.runtime.SecuritySpec.Device> nodes) {
    java.io.File[] entries = new java.io.File(host).listFiles();
    for (java.io.File entry : entries == null ? new java.io.File[0] : entries) {
      FileStatus status = FileCalls.statxIfExists(Fd.currentDirectory(), entry.getPath());
      if (status == null) {
        continue;
      }
      String target = inside + "/" + entry.getName();
      if (status.isDirectory()) {
        collect(entry.getPath(), target, permissions, nodes);
      } else if (status.kind() == FileFlags.S_IFCHR || status.kind() == FileFlags.S_IFBLK) {
        nodes.add(new dev.berth.runtime.SecuritySpec.Device(entry.getPath(), target, permissions));
      }
    }
  }
}
