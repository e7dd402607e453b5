package dev.berth.it;

import dev.berth.testing.Patience;
import dev.berth.testing.TimeGiven;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs test classes in a virtual machine that has a whole kernel. The program that boots such
 * machines is not part of this repository: it is looked for in {@code BERTH_VM} and, as {@code
 * shared/vm/run-in-vm}, beside the checkout; where it is absent, {@link #find} is empty and tests
 * skip. The machine sees this checkout, the JDK and a folder for the report, and nothing else of
 * the machine it runs on; it has no network.
 */
final class VirtualMachine {
  private static final String LOCATION = "BERTH_VM";
  private static final String CACHE = "BERTH_VM_CACHE";

  /** What Berth runs on, beyond what every such machine has. */
  private static final String PACKAGES =
      "conmon,golang-github-containers-common,catatonit,dbus-daemon,firewalld";

  /** How much slower an emulated processor runs what waits here have bounds for. */
  private static final int PATIENCE = 10;

  /** Start-up caches hold code for this machine's processor, which the emulated one cannot run. */
  private static final String JAVA_OPTIONS =
      "-XX:TieredStopAtLevel=1 -XX:-AOTAdapterCaching -XX:-AOTStubCaching";

  private static final int TIMED_OUT = 124;
  private static final int NO_RESULT = 125;

  private final Path runner;

  private VirtualMachine(Path runner) {
    this.runner = runner;
  }

  /**
   * What is run in one boot.
   *
   * @param name for messages and the log's file name
   * @param classes test classes by name
   * @param modules kernel modules to load first
   * @param module the Maven module beside berth-it whose test classes these are; empty for berth-it
   * @param limit of the whole run
   */
  record Suite(
      String name, List<String> classes, List<String> modules, String module, Duration limit) {}

  /**
   * What a run gave.
   *
   * @param outcomes of the tests, without the closing line
   * @param whole whether the machine got to the end of the suite
   * @param exitCode of the program that booted it
   * @param log all that the machine said
   */
  record Report(List<CaseOutcome> outcomes, boolean whole, int exitCode, Path log) {
    /** Whether the machine itself is to blame: it could not be booted, or was too slow. */
    boolean gaveUp() {
      return !whole && (exitCode == TIMED_OUT || exitCode == NO_RESULT);
    }
  }

  /** The program that boots machines, where this machine has it. */
  static Optional<VirtualMachine> find() {
    return locations().filter(Files::isExecutable).findFirst().map(VirtualMachine::new);
  }

  private static Stream<Path> locations() {
    String named = System.getProperty(LOCATION, System.getenv(LOCATION));
    if (named != null) {
      return Stream.of(Path.of(named));
    }
    return Stream.iterate(EngineUnderTest.checkout(), Objects::nonNull, Path::getParent)
        .limit(4)
        .map(directory -> directory.resolveSibling("shared").resolve("vm/run-in-vm"));
  }

  private static Path cache() {
    Map<String, String> environment = System.getenv();
    String named = environment.get(CACHE);
    if (named != null) {
      return Path.of(named);
    }
    String caches = environment.get("XDG_CACHE_HOME");
    Path home = Path.of(System.getProperty("user.home"));
    return (caches == null ? home.resolve(".cache") : Path.of(caches)).resolve("berth-vm");
  }

  /** Boots, runs the suite to its end or the limit, and reads the report. */
  Report run(Suite suite) {
    try {
      Path logs = Files.createDirectories(EngineUnderTest.checkout().resolve("berth-it/target/vm"));
      Path log = logs.resolve(suite.name() + ".log");
      Path stage = Files.createTempDirectory("berth-vm-");
      try {
        int exitCode = boot(suite, stage, log);
        return read(stage.resolve("report"), exitCode, log);
      } finally {
        Leftovers.removeFolder(stage);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private int boot(Suite suite, Path stage, Path log) throws IOException {
    Duration limit = TimeGiven.atMost(suite.limit());
    Path checkout = EngineUnderTest.checkout();
    String java = System.getProperty("java.home");
    Files.createDirectories(cache());
    copyDocker(Files.createDirectories(stage.resolve("bin")));
    List<String> command = new ArrayList<>(List.of(runner.toString(), "--packages", PACKAGES));
    command.addAll(List.of("--cache", cache().toString()));
    command.addAll(List.of("--timeout", Long.toString(Math.max(1, limit.toSeconds()))));
    command.addAll(List.of("--share", checkout.toString(), "--share", java));
    command.addAll(List.of("--share", stage + ":" + stage + ":rw"));
    if (!suite.modules().isEmpty()) {
      command.addAll(List.of("--modules", String.join(",", suite.modules())));
    }
    command.addAll(List.of("--env", "BERTH_JAVA_OPTIONS=" + JAVA_OPTIONS));
    command.addAll(List.of("--env", Patience.VARIABLE + "=" + PATIENCE));
    command.addAll(List.of("--workdir", checkout.toString(), "--", "sh", "-c"));
    command.add("PATH=" + stage + "/bin:$PATH exec \"$@\"");
    command.addAll(List.of("sh", java + "/bin/java", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", classPath(suite, stage)));
    command.addAll(List.of(GuestSuite.class.getName(), stage.resolve("report").toString()));
    command.addAll(suite.classes());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return await(builder.start(), limit.plusMinutes(5));
  }

  /** The runner has the limit of the boot itself; the first run also builds the guest. */
  private static int await(Process process, Duration limit) {
    try {
      if (process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    } catch (InterruptedException interrupted) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
    return TIMED_OUT;
  }

  private static void copyDocker(Path folder) throws IOException {
    String docker = Command.of("sh", "-c", "command -v docker").run().ok().line();
    Path real = Path.of(docker).toRealPath();
    Files.copy(real, folder.resolve("docker"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  /**
   * The suite's classes and this run's own class path, copied to the stage: builds may go on in the
   * checkout meanwhile.
   */
  private static String classPath(Suite suite, Path stage) throws IOException {
    Path checkout = EngineUnderTest.checkout();
    List<Path> entries = new ArrayList<>();
    if (!suite.module().isEmpty()) {
      entries.add(checkout.resolve(suite.module()).resolve("target/test-classes"));
      try (Stream<Path> dist = Files.list(checkout.resolve("dist/daemon"))) {
        dist.forEach(entries::add);
      }
    }
    for (String word : System.getProperty("java.class.path").split(":")) {
      entries.add(Path.of(word).toAbsolutePath());
    }
    Path library = Files.createDirectories(stage.resolve("lib"));
    List<String> copies = new ArrayList<>();
    for (Path entry : entries.stream().distinct().filter(Files::exists).toList()) {
      Path copy = library.resolve(copies.size() + "-" + entry.getFileName());
      Command.of("cp", "-rL", entry.toString(), copy.toString()).run().ok();
      copies.add(copy.toString());
    }
    return String.join(":", copies);
  }

  private static Report read(Path report, int exitCode, Path log) throws IOException {
    List<CaseOutcome> lines =
        Files.exists(report)
            ? Files.readAllLines(report).stream().map(CaseOutcome::parse).toList()
            : List.of();
    List<CaseOutcome> outcomes =
        lines.stream().filter(line -> line.status() != CaseOutcome.Status.END).toList();
    return new Report(outcomes, outcomes.size() < lines.size(), exitCode, log);
  }
}
