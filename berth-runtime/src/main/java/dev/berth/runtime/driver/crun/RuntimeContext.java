package dev.berth.runtime.driver.crun;

import dev.berth.core.EngineException;
import dev.berth.linux.EventLoop;
import dev.berth.runtime.Cgroups;
import dev.berth.runtime.RuntimeConfiguration;
import dev.berth.runtime.driver.cgroup.CgroupTree;
import dev.berth.runtime.driver.conmon.Conmon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What all containers of a runtime share.
 *
 * @param configuration programs and directories
 * @param cgroups the hierarchy
 * @param loop pipes, sockets and ends of processes
 * @param conmon monitors
 * @param clock time of usage and of ends
 */
record RuntimeContext(
    RuntimeConfiguration configuration,
    CgroupTree cgroups,
    EventLoop loop,
    Conmon conmon,
    InstantSource clock) {
  private static final String CRUN = "crun";

  boolean isCrun() {
    return configuration.name().equals(CRUN);
  }

  /** Whether the runtime program must not see the hybrid's version 2 tree. */
  boolean needsLegacyView() {
    return cgroups.hybrid() && isCrun();
  }

  /** Where the runtime program keeps its state. */
  Path programState() {
    return configuration.stateDirectory().resolve(configuration.name());
  }

  /** Program and leading arguments. */
  List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(configuration.runtimeProgram().toString());
    command.add("--root=" + programState());
    if (configuration.cgroupDriver() == Cgroups.Driver.SYSTEMD) {
      command.add("--systemd-cgroup");
    }
    return command;
  }

  ContainerFiles files(String id) {
    return new ContainerFiles(containers().resolve(id));
  }

  /** Ids of the containers that have files. */
  Set<String> containerIds() {
    try (Stream<Path> directories = Files.list(containers())) {
      return directories
          .map(directory -> directory.getFileName().toString())
          .collect(Collectors.toUnmodifiableSet());
    } catch (NoSuchFileException none) {
      return Set.of();
    } catch (IOException | UncheckedIOException failure) {
      throw EngineException.internal("listing " + containers() + " failed", failure);
    }
  }

  private Path containers() {
    return configuration.stateDirectory().resolve("containers");
  }

  static String goArchitecture() {
    String architecture = System.getProperty("os.arch", "");
    return architecture.equals("aarch64") ? "arm64" : architecture;
  }
}
