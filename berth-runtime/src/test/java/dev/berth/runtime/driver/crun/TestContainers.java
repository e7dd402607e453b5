package dev.berth.runtime.driver.crun;

import dev.berth.linux.Signals;
import dev.berth.runtime.Capabilities;
import dev.berth.runtime.Cgroups;
import dev.berth.runtime.ContainerExit;
import dev.berth.runtime.ContainerProcess;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.IsolationSpec;
import dev.berth.runtime.LaunchDefaults;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.OciMount;
import dev.berth.runtime.OciRuntime;
import dev.berth.runtime.ProcessSpec;
import dev.berth.runtime.ProcessUser;
import dev.berth.runtime.Resources;
import dev.berth.runtime.RootSpec;
import dev.berth.runtime.Runtime;
import dev.berth.runtime.RuntimeConfiguration;
import dev.berth.runtime.SecuritySpec;
import dev.berth.runtime.StreamSink;
import dev.berth.testing.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A runtime on temporary directories, and containers on a root file system made of busybox. */
final class TestContainers implements AutoCloseable {
  static final long LIMIT_SECONDS = Patience.of(Duration.ofSeconds(90)).toSeconds();

  private static final AtomicInteger NUMBER = new AtomicInteger();

  final String cgroupParent =
      "/berth-test-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
  final Path directory;
  private final RuntimeConfiguration configuration;
  final Path rootfs;
  private final List<ContainerProcess> containers = new CopyOnWriteArrayList<>();
  private Runtime runtime;

  TestContainers(Path directory) {
    this(directory, crun(directory));
  }

  TestContainers(Path directory, RuntimeConfiguration configuration) {
    this.configuration = configuration;
    this.directory = directory;
    this.rootfs = busybox(directory.resolve("rootfs"));
    this.runtime = open();
  }

  static boolean possible() {
    return Files.isExecutable(Path.of("/usr/bin/crun"))
        && Files.isExecutable(Path.of("/usr/bin/conmon"))
        && System.getProperty("user.name").equals("root");
  }

  private static Path busybox(Path rootfs) {
    try {
      Files.createDirectories(rootfs.resolve("bin"));
      Files.createDirectories(rootfs.resolve("tmp"));
      Files.createDirectories(rootfs.resolve("etc"));
      Files.writeString(rootfs.resolve("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
      Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
      for (String applet :
          "sh sleep echo cat true false dd seq stty kill id env grep head mount unshare chmod yes tty swapoff"
              .split(" ")) {
        Files.createSymbolicLink(rootfs.resolve("bin/" + applet), Path.of("busybox"));
      }
      return rootfs;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static RuntimeConfiguration crun(Path directory) {
    return new RuntimeConfiguration(
        "crun",
        Path.of("/usr/bin/crun"),
        Path.of("/usr/bin/conmon"),
        directory.resolve("state"),
        directory.resolve("cache"),
        Cgroups.Driver.CGROUPFS);
  }

  private Runtime open() {
    return OciRuntime.open(configuration, InstantSource.system());
  }

  Runtime runtime() {
    return runtime;
  }

  /** The container that was found again by the last restart. */
  ContainerProcess recovered(String id) {
    return containers.stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  /** As if the engine had been killed and started again. */
  Runtime restart() {
    List<String> ids = containers.stream().map(ContainerProcess::id).toList();
    containers.clear();
    runtime.close();
    runtime = open();
    ids.forEach(id -> runtime.recover(id).ifPresent(containers::add));
    return runtime;
  }

  static String nextId() {
    return String.format("%048x%016x", NUMBER.incrementAndGet(), System.nanoTime());
  }

  LaunchSpec spec(String... args) {
    String id = nextId();
    List<OciMount> mounts = new ArrayList<>(LaunchDefaults.mounts(false));
    mounts.add(LaunchDefaults.shm(LaunchDefaults.SHM_SIZE_BYTES));
    return new LaunchSpec(
        id,
        process(args),
        new RootSpec(rootfs, false),
        mounts,
        new IsolationSpec(
            LaunchDefaults.namespaces(runtime.cgroups().version()),
            "box",
            null,
            Map.of(),
            cgroupParent,
            Map.of()),
        Resources.UNLIMITED,
        security(new SecuritySpec.Seccomp.Default()),
        new IoSpec(false, false, new IoSpec.LogTarget.File(log(id), IoSpec.LogRotation.NEVER)));
  }

  static ProcessSpec process(String... args) {
    return new ProcessSpec(
        List.of(args), List.of("PATH=/bin"), "/", ProcessUser.ROOT, false, null, false, List.of());
  }

  static SecuritySpec security(SecuritySpec.Seccomp seccomp) {
    return new SecuritySpec(
        false,
        Capabilities.defaults(),
        seccomp,
        false,
        LaunchDefaults.maskedPaths(),
        LaunchDefaults.readonlyPaths(),
        List.of(),
        List.of());
  }

  Path log(String id) {
    return directory.resolve(id + ".log");
  }

  static LaunchSpec withProcess(LaunchSpec spec, UnaryOperator<ProcessSpec> change) {
    return new LaunchSpec(
        spec.id(),
        change.apply(spec.process()),
        spec.root(),
        spec.mounts(),
        spec.isolation(),
        spec.resources(),
        spec.security(),
        spec.io());
  }

  static LaunchSpec withTerminal(LaunchSpec spec) {
    return withProcess(
        spec,
        p ->
            new ProcessSpec(
                p.args(),
                p.env(),
                p.cwd(),
                p.user(),
                true,
                p.consoleSize(),
                p.init(),
                p.ulimits()));
  }

  static LaunchSpec withIo(LaunchSpec spec, IoSpec io) {
    return new LaunchSpec(
        spec.id(),
        spec.process(),
        spec.root(),
        spec.mounts(),
        spec.isolation(),
        spec.resources(),
        spec.security(),
        io);
  }

  static LaunchSpec withSecurity(LaunchSpec spec, SecuritySpec security) {
    return new LaunchSpec(
        spec.id(),
        spec.process(),
        spec.root(),
        spec.mounts(),
        spec.isolation(),
        spec.resources(),
        security,
        spec.io());
  }

  static LaunchSpec withResources(LaunchSpec spec, Resources resources) {
    return new LaunchSpec(
        spec.id(),
        spec.process(),
        spec.root(),
        spec.mounts(),
        spec.isolation(),
        resources,
        spec.security(),
        spec.io());
  }

  ContainerProcess create(LaunchSpec spec) {
    ContainerProcess container = runtime.create(spec);
    containers.add(container);
    return container;
  }

  ContainerProcess start(LaunchSpec spec) {
    ContainerProcess container = create(spec);
    container.start();
    return container;
  }

  static ContainerExit await(ContainerProcess container) throws Exception {
    return container.exit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Runs it to its end and gives back what it wrote. */
  String output(LaunchSpec spec) throws Exception {
    Output output = new Output();
    ContainerProcess container = create(spec);
    container.attachOutput(output);
    container.start();
    await(container);
    return output.await();
  }

  List<Path> cgroups() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies.toList()) {
        Path parent = hierarchy.resolve(cgroupParent.substring(1));
        if (Files.isDirectory(parent)) {
          try (Stream<Path> children = Files.list(parent)) {
            children.filter(Files::isDirectory).forEach(found::add);
          }
        }
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    for (ContainerProcess container : containers) {
      container.kill(Signals.KILL);
      container.delete();
    }
    runtime.close();
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies.toList()) {
        Files.deleteIfExists(hierarchy.resolve(cgroupParent.substring(1)));
      }
    }
    Files.deleteIfExists(Path.of("/sys/fs/cgroup").resolve(cgroupParent.substring(1)));
  }

  /** Collects output. */
  static final class Output implements StreamSink {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Boolean> closed = new CompletableFuture<>();

    @Override
    public synchronized void output(Stream stream, ByteBuffer data) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      (stream == Stream.STDOUT ? out : err).writeBytes(bytes);
      notifyAll();
    }

    @Override
    public void closed() {
      closed.complete(true);
    }

    synchronized String text() {
      return out.toString(StandardCharsets.UTF_8);
    }

    synchronized String errors() {
      return err.toString(StandardCharsets.UTF_8);
    }

    String await() throws Exception {
      closed.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      return text();
    }

    synchronized void awaitText(String part) throws InterruptedException {
      long deadline = System.nanoTime() + Patience.of(Duration.ofSeconds(20)).toNanos();
      while (!text().contains(part)) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError("no \"" + part + "\" in \"" + text() + "\"");
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
  }
}
