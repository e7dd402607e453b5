package dev.berth.engine;

import dev.berth.engine.LiveContainer.Run;
import dev.berth.network.EndpointStatus;
import dev.berth.network.SandboxStatus;
import dev.berth.network.Sandboxes;
import dev.berth.runtime.ResourceUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures what containers use. */
public final class ContainerStats {
  private final ContainerTable table;

  private final Sandboxes sandboxes;

  ContainerStats(ContainerTable table, Sandboxes sandboxes) {
    this.table = table;
    this.sandboxes = sandboxes;
  }

  /** What the endpoints of running containers have carried; one small file is read for each. */
  public List<EndpointCounters> endpoints() {
    List<EndpointCounters> all = new ArrayList<>();
    for (SandboxStatus sandbox : sandboxes.list()) {
      LiveContainer container = table.find(sandbox.containerId());
      Run run = container == null ? null : container.run();
      if (container != null && run != null && !sandbox.endpoints().isEmpty()) {
        Map<String, Network> counters = InterfaceCounters.of(run.process().pid());
        for (EndpointStatus endpoint : sandbox.endpoints()) {
          Network carried = counters.get(endpoint.interfaceName());
          if (carried != null) {
            all.add(
                new EndpointCounters(
                    container.id(),
                    container.name(),
                    endpoint.networkName(),
                    endpoint.interfaceName(),
                    carried));
          }
        }
      }
    }
    return all;
  }

  /** One measurement; zeros and nulls when the container does not run. */
  public Sample sample(String reference) {
    LiveContainer container = table.require(reference);
    Run run = container.run();
    if (run == null) {
      return new Sample(container.id(), container.name(), null, null, null, List.of(), null, null);
    }
    ResourceUsage usage = run.process().usage();
    return new Sample(
        container.id(),
        container.name(),
        usage.read(),
        cpu(usage.cpu()),
        memory(usage.memory()),
        usage.blockIo().stream()
            .map(io ->
                new BlockIo(io.major(), io.minor(), io.operation(), io.bytes(), io.operations()))
            .toList(),
        new Pids(usage.pids().current(), usage.pids().limit()),
        networks(container, run));
  }

  private static Cpu cpu(ResourceUsage.Cpu usage) {
    return new Cpu(
        usage.totalNanos(),
        usage.userNanos(),
        usage.kernelNanos(),
        usage.perProcessorNanos(),
        usage.systemNanos(),
        usage.onlineProcessors(),
        usage.throttling().periods(),
        usage.throttling().throttledPeriods(),
        usage.throttling().throttledNanos());
  }

  private static Memory memory(ResourceUsage.Memory usage) {
    return new Memory(
        usage.usageBytes(),
        usage.maxUsageBytes(),
        usage.limitBytes(),
        usage.failures(),
        usage.details());
  }

  private static @Nullable Map<String, Network> networks(LiveContainer container, Run run) {
    boolean own = !container.status().sandboxId().isEmpty();
    String mode = container.spec().host().network().mode();
    if (!own || mode.equals("host")) {
      return null;
    }
    Map<String, Network> counters = InterfaceCounters.of(run.process().pid());
    return counters.isEmpty() ? null : counters;
  }

  /**
   * One measurement.
   *
   * @param id of the container
   * @param name of the container
   * @param time when; null when it does not run
   * @param cpu null when it does not run
   * @param memory null when it does not run
   * @param blockIo bytes and operations by device
   * @param pids processes, with their limit; null when it does not run
   * @param networks by interface name; null when it has no network
   */
  public record Sample(
      String id,
      String name,
      @Nullable Instant time,
      @Nullable Cpu cpu,
      @Nullable Memory memory,
      List<BlockIo> blockIo,
      @Nullable Pids pids,
      @Nullable Map<String, Network> networks) {}

  /**
   * Processor time in nanoseconds.
   *
   * @param total of the container
   * @param user in user mode
   * @param kernel in kernel mode
   * @param perCpu by processor; empty on cgroup v2
   * @param system of the whole machine
   * @param onlineCpus of the machine
   * @param periods elapsed
   * @param throttledPeriods in which it was held back
   * @param throttledNanos for how long
   */
  public record Cpu(
      long total,
      long user,
      long kernel,
      List<Long> perCpu,
      long system,
      int onlineCpus,
      long periods,
      long throttledPeriods,
      long throttledNanos) {}

  /**
   * Memory in bytes.
   *
   * @param usage now
   * @param maximumUsage so far; zero on cgroup v2
   * @param limit of the container, or the machine's memory
   * @param failures to allocate; zero on cgroup v2
   * @param details the kernel's own words
   */
  public record Memory(
      long usage, long maximumUsage, long limit, long failures, Map<String, Long> details) {}

  /**
   * One device and direction.
   *
   * @param major of the device
   * @param minor of the device
   * @param operation read, write, …
   * @param bytes transferred
   * @param operations done
   */
  public record BlockIo(long major, long minor, String operation, long bytes, long operations) {}

  /**
   * Processes.
   *
   * @param current now
   * @param limit zero for none
   */
  public record Pids(long current, long limit) {}

  /**
   * What one endpoint has carried.
   *
   * @param containerId its container
   * @param containerName its container's name
   * @param network its network's name
   * @param interfaceName inside of the container
   * @param carried so far
   */
  public record EndpointCounters(
      String containerId,
      String containerName,
      String network,
      String interfaceName,
      Network carried) {}

  /** Counters of one interface, from its container's side. */
  public record Network(
      long rxBytes,
      long rxPackets,
      long rxErrors,
      long rxDropped,
      long txBytes,
      long txPackets,
      long txErrors,
      long txDropped) {}
}
