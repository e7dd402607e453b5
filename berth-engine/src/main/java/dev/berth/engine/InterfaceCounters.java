package dev.berth.engine;

import dev.berth.engine.ContainerStats.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads what the interfaces of a process's network namespace have carried. Source: proc_pid_net(5),
 * {@code /proc/pid/net/dev}.
 */
final class InterfaceCounters {
  private static final int COLUMNS = 16;

  private InterfaceCounters() {}

  static Map<String, Network> of(int pid) {
    try {
      return parse(Files.readString(Path.of("/proc/" + pid + "/net/dev")));
    } catch (IOException gone) {
      return Map.of();
    }
  }

  static Map<String, Network> parse(String text) {
    Map<String, Network> counters = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      int colon = line.indexOf(':');
      String[] cells = colon < 0 ? new String[0] : line.substring(colon + 1).strip().split("\\s+");
      String name = colon < 0 ? "" : line.substring(0, colon).strip();
      if (cells.length >= COLUMNS && !name.equals("lo")) {
        counters.put(
            name,
            new Network(
                Long.parseLong(cells[0]),
                Long.parseLong(cells[1]),
                Long.parseLong(cells[2]),
                Long.parseLong(cells[3]),
                Long.parseLong(cells[8]),
                Long.parseLong(cells[9]),
                Long.parseLong(cells[10]),
                Long.parseLong(cells[11])));
      }
    }
    return counters;
  }
}
