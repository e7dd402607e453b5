package dev.berth.runtime.driver.crun;

import dev.berth.linux.EventLoop;
import dev.berth.runtime.Cgroups;
import dev.berth.runtime.RuntimeConfiguration;
import dev.berth.runtime.driver.cgroup.CgroupTree;
import dev.berth.runtime.driver.conmon.Conmon;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

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
    return new ContainerFiles(configuration.stateDirectory().resolve("containers").resolve(id));
  }

  static String goArchitecture() {
    String architecture = System.getProperty("os.arch", "");
    return architecture.equals("aarch64") ? "arm64" : architecture;
  }
}
