package dev.berth.server;

import dev.berth.api.BlkioStatEntry;
import dev.berth.api.BlkioStats;
import dev.berth.api.CpuStats;
import dev.berth.api.CpuUsage;
import dev.berth.api.Empty;
import dev.berth.api.MemoryStats;
import dev.berth.api.NetworkStats;
import dev.berth.api.PidsStats;
import dev.berth.api.ThrottlingData;
import dev.berth.engine.ContainerStats.BlockIo;
import dev.berth.engine.ContainerStats.Cpu;
import dev.berth.engine.ContainerStats.Memory;
import dev.berth.engine.ContainerStats.Network;
import dev.berth.engine.ContainerStats.Pids;
import dev.berth.engine.ContainerStats.Sample;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Measurements as JSON; clients compute rates from a sample and the one before. */
final class StatsMapper {
  private static final CpuStats NO_CPU =
      new CpuStats(new CpuUsage(0, null, 0, 0), 0, 0, new ThrottlingData(0, 0, 0));

  private StatsMapper() {}

  static dev.berth.api.ContainerStats json(Sample sample, @Nullable Sample before) {
    return new dev.berth.api.ContainerStats(
        "/" + sample.name(),
        sample.id(),
        GoTime.format(sample.time()),
        GoTime.format(before == null ? null : before.time()),
        pids(sample.pids()),
        blockIo(sample.blockIo()),
        0,
        Empty.VALUE,
        cpu(sample.cpu()),
        cpu(before == null ? null : before.cpu()),
        memory(sample.memory()),
        networks(sample.networks()));
  }

  private static PidsStats pids(@Nullable Pids pids) {
    if (pids == null) {
      return new PidsStats(0, BigInteger.ZERO);
    }
    return new PidsStats(pids.current(), BigInteger.valueOf(pids.limit()));
  }

  private static BlkioStats blockIo(List<BlockIo> devices) {
    return new BlkioStats(
        entries(devices, BlockIo::bytes),
        entries(devices, BlockIo::operations),
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private static @Nullable List<BlkioStatEntry> entries(
      List<BlockIo> devices, ToLongFunction<BlockIo> value) {
    return devices.isEmpty()
        ? null
        : devices.stream()
            .map(device ->
                new BlkioStatEntry(
                    device.major(), device.minor(), device.operation(), value.applyAsLong(device)))
            .toList();
  }

  private static CpuStats cpu(@Nullable Cpu cpu) {
    if (cpu == null) {
      return NO_CPU;
    }
    return new CpuStats(
        new CpuUsage(
            cpu.total(), cpu.perCpu().isEmpty() ? null : cpu.perCpu(), cpu.kernel(), cpu.user()),
        cpu.system(),
        cpu.onlineCpus(),
        new ThrottlingData(cpu.periods(), cpu.throttledPeriods(), cpu.throttledNanos()));
  }

  private static MemoryStats memory(@Nullable Memory memory) {
    return memory == null
        ? new MemoryStats(0, 0, null, 0, 0)
        : new MemoryStats(
            memory.usage(),
            memory.maximumUsage(),
            memory.details(),
            memory.failures(),
            memory.limit());
  }

  private static @Nullable Map<String, NetworkStats> networks(
      @Nullable Map<String, Network> networks) {
    if (networks == null) {
      return null;
    }
    Map<String, NetworkStats> json = new TreeMap<>();
    networks.forEach((name, network) ->
        json.put(
            name,
            new NetworkStats(
                network.rxBytes(),
                network.rxPackets(),
                network.rxErrors(),
                network.rxDropped(),
                network.txBytes(),
                network.txPackets(),
                network.txErrors(),
                network.txDropped())));
    return json;
  }
}
