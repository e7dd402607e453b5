package dev.berth.server;

import dev.berth.api.DeviceMapping;
import dev.berth.api.DeviceRequest;
import dev.berth.api.Resources;
import dev.berth.api.ThrottleDevice;
import dev.berth.api.Ulimit;
import dev.berth.api.WeightDevice;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The limits of a container, both ways. */
final class ResourcesMapper {
  private ResourcesMapper() {}

  static dev.berth.engine.Resources resources(Resources from, int oomScoreAdjust) {
    return new dev.berth.engine.Resources(
        new dev.berth.engine.Resources.Cpu(
            from.cpuShares(),
            from.nanoCpus(),
            from.cpuPeriod(),
            from.cpuQuota(),
            from.cpuRealtimePeriod(),
            from.cpuRealtimeRuntime(),
            from.cpusetCpus(),
            from.cpusetMems()),
        new dev.berth.engine.Resources.Memory(
            from.memory(),
            from.memoryReservation(),
            from.memorySwap(),
            from.memorySwappiness(),
            from.kernelMemoryTcp(),
            from.oomKillDisable(),
            oomScoreAdjust),
        new dev.berth.engine.Resources.BlockIo(
            from.blkioWeight(),
            each(from.blkioWeightDevice(), ResourcesMapper::weight),
            each(from.blkioDeviceReadBps(), ResourcesMapper::rate),
            each(from.blkioDeviceWriteBps(), ResourcesMapper::rate),
            each(from.blkioDeviceReadIops(), ResourcesMapper::rate),
            each(from.blkioDeviceWriteIops(), ResourcesMapper::rate)),
        from.pidsLimit(),
        from.cgroupParent(),
        each(
            from.ulimits(),
            limit ->
                new dev.berth.engine.Resources.Ulimit(limit.name(), limit.soft(), limit.hard())),
        each(
            from.devices(),
            device ->
                new dev.berth.engine.Resources.Device(
                    device.pathOnHost(), device.pathInContainer(), device.cgroupPermissions())),
        from.deviceCgroupRules(),
        each(
            from.deviceRequests(),
            request ->
                new dev.berth.engine.Resources.DeviceRequest(
                    request.driver(),
                    request.count(),
                    request.deviceIds(),
                    request.capabilities(),
                    request.options())));
  }

  static Resources json(dev.berth.engine.Resources from) {
    dev.berth.engine.Resources.Cpu cpu = from.cpu();
    dev.berth.engine.Resources.Memory memory = from.memory();
    dev.berth.engine.Resources.BlockIo blockIo = from.blockIo();
    return new Resources(
        cpu.shares(),
        memory.limit(),
        cpu.nanoCpus(),
        from.cgroupParent(),
        blockIo.weight(),
        each(
            blockIo.weightDevices(),
            device -> new WeightDevice(device.path(), Math.toIntExact(device.rate()))),
        each(blockIo.readBytesPerSecond(), ResourcesMapper::throttle),
        each(blockIo.writeBytesPerSecond(), ResourcesMapper::throttle),
        each(blockIo.readOperationsPerSecond(), ResourcesMapper::throttle),
        each(blockIo.writeOperationsPerSecond(), ResourcesMapper::throttle),
        cpu.periodMicros(),
        cpu.quotaMicros(),
        cpu.realtimePeriodMicros(),
        cpu.realtimeRuntimeMicros(),
        cpu.cpus(),
        cpu.memoryNodes(),
        each(
            from.devices(),
            device ->
                new DeviceMapping(
                    device.pathOnHost(), device.pathInContainer(), device.permissions())),
        from.deviceCgroupRules(),
        each(
            from.deviceRequests(),
            request ->
                new DeviceRequest(
                    request.driver(),
                    request.count(),
                    request.deviceIds(),
                    request.capabilities(),
                    request.options())),
        0,
        memory.kernelTcp(),
        memory.reservation(),
        memory.swap(),
        memory.swappiness(),
        memory.oomKillDisable(),
        from.pidsLimit(),
        each(from.ulimits(), limit -> new Ulimit(limit.name(), limit.hard(), limit.soft())),
        0,
        0,
        0,
        0);
  }

  private static dev.berth.engine.Resources.DeviceRate weight(WeightDevice device) {
    return new dev.berth.engine.Resources.DeviceRate(device.path(), device.weight());
  }

  private static dev.berth.engine.Resources.DeviceRate rate(ThrottleDevice device) {
    return new dev.berth.engine.Resources.DeviceRate(device.path(), device.rate());
  }

  private static ThrottleDevice throttle(dev.berth.engine.Resources.DeviceRate device) {
    return new ThrottleDevice(device.path(), device.rate());
  }

  /** Each element mapped; null stays null, since inspect tells it from an empty list. */
  static <A, B> @Nullable List<B> each(@Nullable List<A> list, Function<A, B> map) {
    return list == null ? null : list.stream().map(map).toList();
  }
}
