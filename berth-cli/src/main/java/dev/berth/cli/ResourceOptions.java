package dev.berth.cli;

import static dev.berth.cli.ContainerRequest.put;
import static dev.berth.cli.ContainerRequest.putBytes;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Limits, which {@code run}, {@code create} and {@code update} share. */
final class ResourceOptions {
  @Option(
      names = {"-m", "--memory"},
      description = "Memory limit.")
  @Nullable String memory;

  @Option(names = "--memory-reservation", description = "Soft memory limit.")
  @Nullable String memoryReservation;

  @Option(names = "--memory-swap", description = "Limit of memory and swap together; -1 for none.")
  @Nullable String memorySwap;

  @Option(names = "--cpus", description = "Number of processors, as a decimal.")
  @Nullable String cpus;

  @Option(
      names = {"-c", "--cpu-shares"},
      description = "Relative weight of processor time.")
  @Nullable Integer cpuShares;

  @Option(names = "--cpu-period", description = "Period of the processor quota in microseconds.")
  @Nullable Integer cpuPeriod;

  @Option(names = "--cpu-quota", description = "Processor quota in microseconds.")
  @Nullable Integer cpuQuota;

  @Option(names = "--cpuset-cpus", description = "Processors it may use.")
  @Nullable String cpusetCpus;

  @Option(names = "--cpuset-mems", description = "Memory nodes it may use.")
  @Nullable String cpusetMems;

  @Option(names = "--pids-limit", description = "Number of processes; -1 for no limit.")
  @Nullable Integer pidsLimit;

  @Option(names = "--blkio-weight", description = "Relative weight of block input and output.")
  @Nullable Integer blkioWeight;

  void fill(ObjectNode host) {
    putBytes(host, "Memory", memory, "-m, --memory");
    putBytes(host, "MemoryReservation", memoryReservation, "--memory-reservation");
    putBytes(host, "MemorySwap", memorySwap, "--memory-swap");
    put(host, "CpuShares", cpuShares);
    put(host, "CpuPeriod", cpuPeriod);
    put(host, "CpuQuota", cpuQuota);
    put(host, "CpusetCpus", cpusetCpus);
    put(host, "CpusetMems", cpusetMems);
    put(host, "PidsLimit", pidsLimit);
    put(host, "BlkioWeight", blkioWeight);
    if (cpus != null) {
      host.put("NanoCpus", nanoCpus(cpus));
    }
  }

  private static long nanoCpus(String text) {
    try {
      return new BigDecimal(text).movePointRight(9).longValueExact();
    } catch (ArithmeticException | NumberFormatException invalid) {
      throw new CliException(
          125,
          "invalid argument \""
              + text
              + "\" for \"--cpus\" flag: failed to parse "
              + text
              + " as a rational number");
    }
  }

  /** {@code nofile=1024:2048} texts as the API's objects. */
  static void fillUlimits(ObjectNode host, List<String> ulimits) {
    if (ulimits.isEmpty()) {
      return;
    }
    ArrayNode array = host.putArray("Ulimits");
    for (String text : ulimits) {
      java.util.regex.Matcher parts =
          java.util.regex.Pattern.compile("([a-z]+)=(-?[0-9]+)(?::(-?[0-9]+))?").matcher(text);
      if (!parts.matches()) {
        throw UsageException.value(text, "--ulimit", "invalid ulimit argument: " + text);
      }
      long soft = Long.parseLong(parts.group(2));
      long hard = parts.group(3) == null ? soft : Long.parseLong(parts.group(3));
      array.addObject().put("Name", parts.group(1)).put("Soft", soft).put("Hard", hard);
    }
  }
}
