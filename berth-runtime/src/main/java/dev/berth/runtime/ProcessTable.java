package dev.berth.runtime;

import java.util.List;

/**
 * Output of ps(1).
 *
 * @param titles heads of the columns
 * @param processes a row of cells for each process
 */
public record ProcessTable(List<String> titles, List<List<String>> processes) {
  /** Copies the lists. */
  public ProcessTable {
    titles = List.copyOf(titles);
    processes = processes.stream().map(List::copyOf).toList();
  }
}
