package dev.berth.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an engine may have left on the machine, to assert on and to clean up after a failed test.
 */
final class Leftovers {
  private Leftovers() {}

  /** Control groups of any hierarchy below the parent. */
  static List<Path> cgroups(String parent) {
    try (Stream<Path> tree =
        Files.find(
            Path.of("/sys/fs/cgroup"),
            4,
            (path, attributes) ->
                attributes.isDirectory() && path.toString().contains(parent + "/"))) {
      return tree.toList();
    } catch (IOException | UncheckedIOException failure) {
      return List.of();
    }
  }

  /** Processes whose command line names the folder. */
  static List<Long> processes(Path folder) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> pid != ProcessHandle.current().pid())
        .filter(pid -> commandLine(pid).contains(folder.toString()))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
    } catch (IOException gone) {
      return "";
    }
  }

  static void endProcesses(Path folder) {
    for (long pid : processes(folder)) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /**
   * Ends what still runs in control groups below the parent, as after a test that failed half-way.
   */
  static void endContainers(String parent) {
    for (Path group : cgroups(parent)) {
      try {
        for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
          ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        }
      } catch (IOException gone) {
        // The group went away together with its processes.
      }
    }
  }

  static void removeCgroups(String parent) {
    try (Stream<Path> tree =
        Files.find(
            Path.of("/sys/fs/cgroup"),
            4,
            (path, attributes) -> attributes.isDirectory() && path.toString().contains(parent))) {
      tree.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException | UncheckedIOException failure) {
      // A group that just went away by itself.
    }
  }

  static void removeFolder(Path folder) {
    Command.of("rm", "-rf", "--one-file-system", folder.toString()).run();
  }
}
