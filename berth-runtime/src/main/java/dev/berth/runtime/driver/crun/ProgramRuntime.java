package dev.berth.runtime.driver.crun;

import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.linux.Capture;
import dev.berth.linux.EventLoop;
import dev.berth.linux.Fd;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Pidfd;
import dev.berth.linux.Processes;
import dev.berth.linux.SpawnRequest;
import dev.berth.runtime.Cgroups;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.Runtime;
import dev.berth.runtime.RuntimeConfiguration;
import dev.berth.runtime.driver.cgroup.CgroupTree;
import dev.berth.runtime.driver.cgroup.ContainerCgroup;
import dev.berth.runtime.driver.conmon.Conmon;
import dev.berth.runtime.driver.seccomp.SeccompFilters;
import dev.berth.runtime.driver.seccomp.SeccompProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs containers by an OCI runtime program under a monitor each. A container's name is taken from
 * the beginning of its creation until its removal is complete.
 */
public final class ProgramRuntime implements Runtime {
  private static final System.Logger LOG = System.getLogger(ProgramRuntime.class.getName());
  private static final Path DEFAULT_PROFILE = Path.of("/usr/share/containers/seccomp.json");
  private static final String NSENTER = "/usr/bin/nsenter";
  private static final List<String> INIT_PROGRAMS =
      List.of("/usr/libexec/docker/docker-init", "/usr/bin/catatonit", "/usr/bin/tini-static");
  private static final Duration MONITOR_END_TIMEOUT = Duration.ofSeconds(10);

  private final RuntimeContext context;
  private final SeccompFilters filters;
  private final ProgramVersions versions = new ProgramVersions();
  private final LogRotator rotator;
  private final Map<String, CompletableFuture<Boolean>> removals = new ConcurrentHashMap<>();

  private ProgramRuntime(RuntimeContext context, SeccompFilters filters) {
    this.context = context;
    this.filters = filters;
    this.rotator = new LogRotator();
  }

  /** See {@link dev.berth.runtime.OciRuntime#open}. */
  public static ProgramRuntime open(RuntimeConfiguration configuration, InstantSource clock) {
    CgroupTree cgroups = CgroupTree.detect();
    cgroups.describe(configuration.cgroupDriver());
    for (Path program : List.of(configuration.runtimeProgram(), configuration.monitorProgram())) {
      if (!Files.isExecutable(program)) {
        throw EngineException.internal(
            program
                + " is not there or not executable: install the package "
                + program.getFileName(),
            null);
      }
    }
    EventLoop loop = EventLoop.start("berth-runtime");
    RuntimeContext context =
        new RuntimeContext(
            configuration, cgroups, loop, new Conmon(configuration.monitorProgram(), loop), clock);
    try {
      Files.createDirectories(context.programState());
    } catch (IOException failure) {
      loop.close();
      throw EngineException.internal("making " + context.programState() + " failed", failure);
    }
    SeccompFilters filters =
        new SeccompFilters(
            configuration.cacheDirectory().resolve("seccomp"), DEFAULT_PROFILE, context.isCrun());
    return new ProgramRuntime(context, filters);
  }

  @Override
  public String name() {
    return context.configuration().name();
  }

  @Override
  public String version() {
    return versions.of(context.configuration().runtimeProgram());
  }

  @Override
  public String monitorVersion() {
    return versions.of(context.configuration().monitorProgram());
  }

  @Override
  public String initVersion() {
    String program = findInit();
    return program == null ? "" : versions.of(Path.of(program));
  }

  @Override
  public Cgroups cgroups() {
    return context.cgroups().describe(context.configuration().cgroupDriver());
  }

  @Override
  public ContainerProcess create(LaunchSpec spec) {
    awaitRemoval(spec.id());
    ContainerFiles files = context.files(spec.id());
    if (files.exist()) {
      purge(spec.id());
    }
    String cgroupPath = CgroupPaths.of(spec, context.configuration().cgroupDriver());
    ContainerCgroup cgroup = new ContainerCgroup(context.cgroups(), CgroupPaths.inTree(cgroupPath));
    ContainerFiles.Launch launch =
        new ContainerFiles.Launch(
            cgroup.path(),
            spec.process().terminal(),
            spec.io().openStdin() && spec.io().stdinOnce(),
            spec.io().log());
    byte[] config = OciSpecWriter.write(spec, surroundings(spec, cgroupPath));
    try (UndoStack undo = new UndoStack("create container " + spec.id())) {
      undo.push("remove its state", () -> removeState(spec.id(), files, cgroup));
      files.create();
      files.write("config.json", config);
      files.writeLaunch(launch);
      Conmon.Started started = launch(spec, files);
      if (started.pid() <= 0) {
        try (Pidfd monitor = started.monitor()) {
          Processes.await(monitor, MONITOR_END_TIMEOUT);
        }
        throw LaunchErrors.create(name(), spec.process().args().getFirst(), started.message());
      }
      files.write(
          "conmon.pid",
          String.valueOf(started.monitor().pid()).getBytes(StandardCharsets.US_ASCII));
      ProgramContainer container =
          new ProgramContainer(
              context,
              new ProgramContainer.Identity(spec.id(), files, launch, cgroup),
              started.pid(),
              this::scheduleRemoval);
      container.watch(started.monitor());
      rotator.add(container, spec.io().log());
      undo.commit();
      return container;
    }
  }

  private OciSpecWriter.Surroundings surroundings(LaunchSpec spec, String cgroupPath) {
    SeccompProfile.Target target =
        new SeccompProfile.Target(
            Set.copyOf(spec.security().capabilities()),
            RuntimeContext.goArchitecture(),
            System.getProperty("os.version", "0.0"));
    return new OciSpecWriter.Surroundings(
        cgroupPath,
        filters.filter(spec.security().seccomp(), target),
        DeviceNode.of(spec.security()),
        spec.process().init() ? initProgram() : null);
  }

  private static String initProgram() {
    String program = findInit();
    if (program == null) {
      throw EngineException.invalid(
          "--init needs an init program: install the package catatonit or tini");
    }
    return program;
  }

  private static @Nullable String findInit() {
    return INIT_PROGRAMS.stream()
        .filter(program -> Files.isExecutable(Path.of(program)))
        .findFirst()
        .orElse(null);
  }

  private Conmon.Started launch(LaunchSpec spec, ContainerFiles files) {
    try {
      return launchMonitor(spec, files);
    } catch (LinuxException failure) {
      throw EngineException.internal(
          "starting the container's monitor failed: " + failure.getMessage(), failure);
    }
  }

  private Conmon.Started launchMonitor(LaunchSpec spec, ContainerFiles files) {
    if (!context.needsLegacyView()) {
      return context.conmon().create(request(spec, files, context.command()));
    }
    try (Fd view = new LegacyView(context.cgroups()).open()) {
      List<String> command = new ArrayList<>();
      command.add(NSENTER);
      command.add("--mount=/proc/" + ProcessHandle.current().pid() + "/fd/" + view.number());
      command.addAll(context.command());
      return context.conmon().create(request(spec, files, command));
    }
  }

  private static Conmon.Request request(
      LaunchSpec spec, ContainerFiles files, List<String> command) {
    IoSpec io = spec.io();
    return new Conmon.Request(
        spec.id(),
        files.directory(),
        command,
        spec.process().terminal(),
        io.openStdin(),
        io.openStdin() && !io.stdinOnce(),
        io.log());
  }

  @Override
  public Optional<ContainerProcess> recover(String containerId) {
    awaitRemoval(containerId);
    ContainerFiles files = context.files(containerId);
    int pid = files.number("pidfile");
    Optional<ContainerFiles.Launch> launch = files.readLaunch();
    if (launch.isEmpty() || pid <= 0) {
      return Optional.empty();
    }
    ProgramContainer container =
        new ProgramContainer(
            context,
            new ProgramContainer.Identity(
                containerId,
                files,
                launch.get(),
                new ContainerCgroup(context.cgroups(), launch.get().cgroup())),
            pid,
            this::scheduleRemoval);
    container.watch(findMonitor(containerId, files.number("conmon.pid")));
    rotator.add(container, launch.get().log());
    return Optional.of(container);
  }

  /** A monitor's number may be another process's by now: its arguments name the container. */
  private static @Nullable Pidfd findMonitor(String containerId, int pid) {
    if (pid <= 0) {
      return null;
    }
    Pidfd monitor;
    try {
      monitor = Pidfd.open(pid);
    } catch (LinuxException gone) {
      return null;
    }
    try {
      String arguments = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
      if (arguments.contains("--cid=" + containerId)) {
        return monitor;
      }
    } catch (IOException gone) {
      // It has ended since.
    }
    monitor.close();
    return null;
  }

  @Override
  public void purge(String containerId) {
    awaitRemoval(containerId);
    ContainerFiles files = context.files(containerId);
    Optional<ContainerFiles.Launch> launch = files.readLaunch();
    if (launch.isPresent()) {
      removeState(
          containerId, files, new ContainerCgroup(context.cgroups(), launch.get().cgroup()));
    } else {
      files.remove();
    }
  }

  @Override
  public Set<String> remains() {
    return context.containerIds();
  }

  private void scheduleRemoval(ProgramContainer.Identity identity) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    removals.put(identity.id(), done);
    Thread.ofVirtual()
        .name("remove-" + identity.id())
        .start(() -> {
          try {
            removeState(identity.id(), identity.files(), identity.cgroup());
          } catch (RuntimeException failure) {
            LOG.log(
                System.Logger.Level.WARNING,
                "removing what the runtime keeps of " + identity.id() + " failed",
                failure);
          } finally {
            removals.remove(identity.id(), done);
            done.complete(true);
          }
        });
  }

  private void awaitRemoval(String containerId) {
    CompletableFuture<Boolean> removal = removals.get(containerId);
    if (removal != null) {
      removal.join();
    }
  }

  private void removeState(String containerId, ContainerFiles files, ContainerCgroup cgroup) {
    cgroup.killAll();
    if (!context.isCrun() || context.configuration().cgroupDriver() == Cgroups.Driver.SYSTEMD) {
      List<String> command = new ArrayList<>(context.command());
      command.addAll(List.of("delete", "--force", containerId));
      Capture.run(SpawnRequest.of(command));
    }
    cgroup.remove();
    ContainerFiles.removeTree(context.programState().resolve(containerId));
    files.remove();
  }

  @Override
  public void close() {
    rotator.close();
    List.copyOf(removals.values()).forEach(CompletableFuture::join);
    context.loop().close();
  }
}
