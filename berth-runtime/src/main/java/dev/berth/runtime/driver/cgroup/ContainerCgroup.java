package dev.berth.runtime.driver.cgroup;

import dev.berth.core.EngineException;
import dev.berth.linux.Processes;
import dev.berth.linux.Signals;
import dev.berth.runtime.ResourceUsage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The control group of one container. Safe for use by several threads. */
public final class ContainerCgroup {
  private static final Duration FREEZE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(1);
  private static final int KILL_ROUNDS = 100;
  private static final int REMOVE_ROUNDS = 50;
  private static final int MOST_LEVELS = 32;

  private final CgroupTree tree;
  private final String path;

  /**
   * @param tree the hierarchy
   * @param path absolute path within it, such as {@code /docker/0123…}
   */
  public ContainerCgroup(CgroupTree tree, String path) {
    if (!path.startsWith("/") || path.equals("/") || path.contains("/../")) {
      throw new IllegalArgumentException("cgroup path " + path);
    }
    this.tree = tree;
    this.path = path;
  }

  /** Path within the hierarchy. */
  public String path() {
    return path;
  }

  /** Where a version 1 controller, or in version 2 the one hierarchy, has the group. */
  Path directory(String controller) {
    Path hierarchy = tree.version() == 2 ? tree.root() : tree.root().resolve(controller);
    return hierarchy.resolve(path.substring(1));
  }

  /** Whether the group exists. */
  public boolean exists() {
    return Files.isDirectory(membership());
  }

  /** Freezes or thaws all processes, and waits until it is so. */
  public void freeze(boolean frozen) {
    Path file =
        directory("freezer").resolve(tree.version() == 2 ? "cgroup.freeze" : "freezer.state");
    String wanted = tree.version() == 2 ? (frozen ? "1" : "0") : frozen ? "FROZEN" : "THAWED";
    long deadline = System.nanoTime() + FREEZE_TIMEOUT.toNanos();
    write(file, wanted);
    while (frozen() != frozen) {
      if (System.nanoTime() > deadline) {
        write(file, tree.version() == 2 ? "0" : "THAWED");
        throw EngineException.internal("cgroup " + path + " does not become " + wanted, null);
      }
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
      if (tree.version() == 1) {
        write(file, wanted);
      }
    }
  }

  /** Whether all processes are frozen. */
  public boolean frozen() {
    Path directory = directory("freezer");
    if (tree.version() == 2) {
      return CgroupFiles.keyed(directory.resolve("cgroup.events")).getOrDefault("frozen", 0L) == 1;
    }
    return CgroupFiles.text(directory.resolve("freezer.state")).equals("FROZEN");
  }

  /** Process ids in the group and in groups that the container made below it. */
  public List<Integer> pids() {
    List<Integer> pids = new ArrayList<>();
    collectPids(membership(), pids, 0);
    return pids.stream().distinct().sorted().toList();
  }

  private static void collectPids(Path directory, List<Integer> pids, int level) {
    for (String line : CgroupFiles.text(directory.resolve("cgroup.procs")).lines().toList()) {
      pids.add(Integer.parseInt(line));
    }
    if (level < MOST_LEVELS) {
      for (Path child : children(directory)) {
        collectPids(child, pids, level + 1);
      }
    }
  }

  /** Kills every process; comes back when none is left or after a bounded number of rounds. */
  public void killAll() {
    Path killFile = directory("").resolve("cgroup.kill");
    if (tree.version() == 2 && Files.exists(killFile)) {
      write(killFile, "1");
      return;
    }
    for (int round = 0; round < KILL_ROUNDS; round++) {
      List<Integer> pids = pids();
      if (pids.isEmpty()) {
        return;
      }
      pids.forEach(pid -> Processes.kill(pid, Signals.KILL));
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
    }
  }

  /** Whether the kernel has killed a process for want of memory. */
  public boolean outOfMemory() {
    Path memory = directory("memory");
    Path file = memory.resolve(tree.version() == 2 ? "memory.events" : "memory.oom_control");
    return CgroupFiles.keyed(file).getOrDefault("oom_kill", 0L) > 0;
  }

  /** Usage now. */
  public ResourceUsage usage(InstantSource clock) {
    return tree.version() == 2
        ? UsageReader.version2(directory(""), clock.instant())
        : UsageReader.version1(this, clock.instant());
  }

  /** Removes the group everywhere; kills what is in it. Idempotent. */
  public void remove() {
    if (tree.version() == 2) {
      removeTree(directory(""), 0);
      return;
    }
    for (Path controller : children(tree.root())) {
      Path directory = controller.resolve(path.substring(1));
      removeTree(directory, 0);
    }
  }

  /** Looks below only where the group does not go at once: most have nothing in them. */
  private void removeTree(Path directory, int level) {
    for (int round = 0; round < REMOVE_ROUNDS; round++) {
      try {
        Files.deleteIfExists(directory);
        return;
      } catch (IOException busy) {
        if (level < MOST_LEVELS) {
          children(directory).forEach(child -> removeTree(child, level + 1));
        }
        killAll();
        LockSupport.parkNanos(POLL_INTERVAL.toNanos() * (round + 1));
      }
    }
    throw EngineException.internal("cgroup " + directory + " cannot be removed", null);
  }

  private Path membership() {
    if (tree.version() == 2) {
      return directory("");
    }
    for (String controller : new String[] {"pids", "freezer", "devices", "memory"}) {
      Path directory = directory(controller);
      if (Files.isDirectory(directory)) {
        return directory;
      }
    }
    return directory("pids");
  }

  private static List<Path> children(Path directory) {
    List<Path> result = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            directory, entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
      entries.forEach(result::add);
    } catch (NoSuchFileException gone) {
      return List.of();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return result;
  }

  private static void write(Path file, String value) {
    try {
      Files.writeString(file, value);
    } catch (IOException failure) {
      throw EngineException.internal("writing " + value + " to " + file + " failed", failure);
    }
  }
}
