package dev.berth.runtime.driver.crun;

import dev.berth.core.EngineException;
import dev.berth.linux.Capture;
import dev.berth.linux.LinuxException;
import dev.berth.linux.SpawnRequest;
import dev.berth.runtime.ProcessTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the host's ps(1) and keeps the lines that belong to a container. */
final class ProcessListing {
  private static final List<String> DEFAULT_ARGUMENTS = List.of("-ef");
  private static final String PID_TITLE = "PID";

  /** A {@code -o} option that would rename the column by which lines are chosen. */
  private static final Pattern RENAMED_PID = Pattern.compile("\\s*([^\\s,]*)=\\s*(PID[^\\s]*)");

  private ProcessListing() {}

  /**
   * @param arguments of ps; {@code -ef} if there are none
   * @param pids on the host
   */
  static ProcessTable list(List<String> arguments, Set<Integer> pids) {
    List<String> chosen = arguments.isEmpty() ? DEFAULT_ARGUMENTS : arguments;
    refuseRenamedPid(chosen);
    List<String> command = new ArrayList<>(List.of("ps"));
    command.addAll(chosen);
    return parse(run(command), pids);
  }

  private static String run(List<String> command) {
    try {
      Capture.Result result = Capture.run(SpawnRequest.of(command));
      if (!result.status().isSuccess()) {
        throw EngineException.internal(
            "error running ps: exit status "
                + result.status().shellCode()
                + ": "
                + result.errors().strip(),
            null);
      }
      return result.output();
    } catch (LinuxException failure) {
      throw EngineException.internal("error running ps: " + failure.getMessage(), failure);
    }
  }

  private static void refuseRenamedPid(List<String> arguments) {
    for (String argument : arguments) {
      Matcher matcher = RENAMED_PID.matcher(argument);
      while (matcher.find()) {
        if (!matcher.group(1).equals("pid")) {
          throw EngineException.invalid("specifying \"" + matcher.group() + "\" is not allowed");
        }
      }
    }
  }

  static ProcessTable parse(String output, Set<Integer> pids) {
    List<String> lines = output.lines().toList();
    if (lines.isEmpty()) {
      throw EngineException.internal("error running ps: no output", null);
    }
    List<String> titles = List.of(lines.getFirst().strip().split("\\s+"));
    int column = titles.indexOf(PID_TITLE);
    if (column < 0) {
      throw EngineException.internal("Couldn't find PID field in ps output", null);
    }
    List<List<String>> rows = new ArrayList<>();
    boolean thread = false;
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.strip().split("\\s+", titles.size());
      if (cells.length <= column) {
        continue;
      }
      // With -m, lines of threads follow the line of their process and have no number of their own.
      boolean belongs = cells[column].equals("-") ? thread : pids.contains(number(cells[column]));
      thread = belongs;
      if (belongs) {
        rows.add(Arrays.asList(cells));
      }
    }
    return new ProcessTable(titles, rows);
  }

  private static int number(String cell) {
    try {
      return Integer.parseInt(cell);
    } catch (NumberFormatException notANumber) {
      throw EngineException.internal(
          "Unexpected pid '" + cell + "': " + notANumber.getMessage(), null);
    }
  }
}
