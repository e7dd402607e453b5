package dev.berth.it;

import dev.berth.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real engine in network and mount namespaces of its own, with a data root in a temporary folder,
 * so that it neither sees nor changes anything of the machine. Those namespaces outlive the engine
 * process, because a keeper process holds them: the engine can be stopped, killed and started again
 * in them.
 */
final class EngineUnderTest implements AutoCloseable {
  private static final Path CHECKOUT = checkout();
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration START_LIMIT = Patience.of(Duration.ofSeconds(30));

  /**
   * Names that tests give to further network namespaces are files of the whole machine, whatever
   * the mount namespace: one test's {@code ip netns del} would take another's away.
   */
  private static final String KEEPER =
      "mount --make-rshared / && mkdir -p /run/netns && mount -t tmpfs berth-it /run/netns"
          + " && ip link set lo up && echo ready && exec sleep 7200";

  private final Path folder;
  private final Process keeper;
  private List<String> flags;
  private final String cgroupParent;
  private @Nullable Process engine;

  private EngineUnderTest(Path folder, Process keeper, List<String> flags, String cgroupParent) {
    this.folder = folder;
    this.keeper = keeper;
    this.flags = flags;
    this.cgroupParent = cgroupParent;
  }

  /** Starts an engine with these further flags of dockerd. */
  static EngineUnderTest start(String... flags) {
    EngineUnderTest engine = prepare(flags);
    try {
      engine.startEngine();
    } catch (AssertionError failure) {
      engine.endAll();
      throw failure;
    }
    return engine;
  }

  /** Makes the namespaces and folders without starting the engine. */
  static EngineUnderTest prepare(String... flags) {
    try {
      Path folder = Files.createTempDirectory("berth-it-");
      Process keeper =
          new ProcessBuilder(
                  "unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", KEEPER)
              .redirectError(folder.resolve("keeper.log").toFile())
              .start();
      byte[] ready = keeper.getInputStream().readNBytes("ready".length());
      if (ready.length == 0) {
        throw new AssertionError(
            "no namespaces: " + Files.readString(folder.resolve("keeper.log")));
      }
      String parent = "/berth-it-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
      return new EngineUnderTest(folder, keeper, List.of(flags), parent);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static Path checkout() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("bin/berthd"))) {
      here = here.getParent();
    }
    return here;
  }

  static Path berth() {
    return CHECKOUT.resolve("bin/berth");
  }

  static Path script(String name) {
    return CHECKOUT.resolve("bin/lib").resolve(name);
  }

  Path folder() {
    return folder;
  }

  Path dataRoot() {
    return folder.resolve("data");
  }

  Path execRoot() {
    return folder.resolve("exec");
  }

  Path socket() {
    return folder.resolve("berth.sock");
  }

  String host() {
    return "unix://" + socket();
  }

  String cgroupParent() {
    return cgroupParent;
  }

  long enginePid() {
    Process running = engine;
    if (running == null) {
      throw new AssertionError("the engine is not running");
    }
    return running.pid();
  }

  /** The command line of the engine, inside its namespaces. */
  List<String> engineCommand() {
    List<String> command = new ArrayList<>(enter());
    command.addAll(
        List.of(
            CHECKOUT.resolve("bin/berthd").toString(),
            "--host",
            host(),
            "--data-root",
            dataRoot().toString(),
            "--exec-root",
            execRoot().toString(),
            "--pidfile",
            folder.resolve("berth.pid").toString(),
            "--cgroup-parent",
            cgroupParent));
    command.addAll(flags);
    return command;
  }

  /** The next start is with these further flags instead. */
  void useFlags(String... others) {
    flags = List.of(others);
  }

  void startEngine() {
    try {
      Process started =
          new ProcessBuilder(engineCommand())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
      engine = started;
      Instant end = Instant.now().plus(START_LIMIT);
      while (!answers()) {
        if (!started.isAlive() || Instant.now().isAfter(end)) {
          throw new AssertionError("the engine did not start:\n" + logText());
        }
        pause();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private boolean answers() {
    return Files.exists(socket()) && ApiClient.answers(socket());
  }

  /** Stops the engine as an administrator does; its containers go on. */
  void stopEngine() {
    end("TERM");
  }

  /** Ends the engine in the middle of whatever it does. */
  void killEngine() {
    end("KILL");
  }

  private void end(String signal) {
    Process running = engine;
    if (running == null) {
      return;
    }
    Command.of("kill", "-" + signal, Long.toString(running.pid())).run();
    try {
      if (!running.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        running.destroyForcibly();
        throw new AssertionError("the engine did not end on SIG" + signal + ":\n" + logText());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    engine = null;
  }

  private List<String> enter() {
    String pid = Long.toString(keeper.pid());
    return List.of("nsenter", "--mount", "--net", "--target", pid, "--");
  }

  /** The words of a command on the host of the engine, that is in its namespaces. */
  List<String> hostCommand(String... words) {
    List<String> command = new ArrayList<>(enter());
    command.addAll(List.of(words));
    return command;
  }

  /** A command on the host of the engine. */
  Command onHost(String... words) {
    return Command.of(hostCommand(words));
  }

  /** The real Docker client, pointed at the engine. */
  Command docker(String... words) {
    List<String> command = new ArrayList<>(enter());
    command.addAll(List.of("docker", "--host", host()));
    command.addAll(List.of(words));
    return Command.of(command).with("DOCKER_CONFIG", folder.resolve("docker-config").toString());
  }

  /** Berth's own client, pointed at the engine. */
  Command berth(String... words) {
    List<String> command = new ArrayList<>(enter());
    command.addAll(List.of(berth().toString(), "--host", host()));
    command.addAll(List.of(words));
    return Command.of(command);
  }

  /** A plain client of the API. */
  ApiClient api() {
    return new ApiClient(socket());
  }

  /**
   * Makes the image {@code busybox:latest} from the machine's static busybox, whose tree is then in
   * the folder {@code busybox}.
   */
  EngineUnderTest withBusybox() {
    try {
      Files.createSymbolicLink(folder.resolve("busybox"), Busybox.TREE);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    docker("import", "--change", "CMD [\"sh\"]", "-", "busybox:latest")
        .input(Busybox.TAR)
        .run()
        .ok();
    return this;
  }

  /** Its root file system, made once for all engines: it takes a process for each of 400 links. */
  private static final class Busybox {
    private static final Path TREE = tree();
    private static final byte[] TAR =
        Command.of("tar", "-C", TREE.toString(), "-c", ".").run().ok().output();

    private static Path tree() {
      try {
        Path tree = Files.createTempDirectory("berth-busybox-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> Leftovers.removeFolder(tree)));
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-xr-x"));
        Command.of(script("busybox-rootfs").toString(), tree.toString()).run().ok();
        return tree;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  Path log() {
    return folder.resolve("engine.log");
  }

  String logText() {
    try {
      return Files.exists(log()) ? Files.readString(log()) : "";
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Removes all containers, stops the engine, and drops the namespaces with all that is in them.
   */
  @Override
  public void close() {
    try {
      Process running = engine;
      if (running != null && running.isAlive()) {
        List<String> ids = docker("ps", "--all", "--quiet").run().lines();
        if (!ids.isEmpty()) {
          List<String> words = new ArrayList<>(List.of("rm", "--force", "--volumes"));
          words.addAll(ids);
          docker(words.toArray(String[]::new)).run();
        }
        stopEngine();
      }
    } finally {
      endAll();
    }
  }

  /** Ends what runs here whatever state it is in, and removes what it made. */
  private void endAll() {
    keeper.destroyForcibly();
    Leftovers.endContainers(cgroupParent);
    Leftovers.endProcesses(folder);
    Leftovers.removeCgroups(cgroupParent);
    Leftovers.removeFolder(folder);
  }
}
