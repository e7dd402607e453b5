import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An engine to measure, in a control group and folders of its own. Closing it removes all of them. */
final class Engine implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"Id\":\"([0-9a-f]{64})\"");
  private static final List<String> GROUP_ROOTS = List.of("/sys/fs/cgroup/cpuacct/", "/sys/fs/cgroup/");

  private final Path checkout;
  private final Path folder;
  private final List<String> flags;
  private final String group;
  private Process process;

  /** An engine that {@link #start} starts with further flags. */
  Engine(Path checkout, String... flags) throws IOException {
    this.checkout = checkout;
    this.flags = List.of(flags);
    folder = Files.createTempDirectory("berth-bench-");
    group = folder.getFileName().toString();
  }

  /** Starts it and returns at its first answer. */
  void start() throws Exception {
    Path start = folder.resolve("start");
    Files.writeString(
        start,
        "for d in /sys/fs/cgroup/cpuacct /sys/fs/cgroup; do mkdir -p $d/" + group + " 2>/dev/null"
            + " && echo $$ > $d/" + group + "/cgroup.procs 2>/dev/null && break; done\nexec \"$@\"\n");
    List<String> command = new ArrayList<>(List.of("sh", start.toString(), checkout.resolve("bin/berthd").toString(),
        "--host", "unix://" + socket(),
        "--data-root", folder.resolve("data").toString(),
        "--exec-root", folder.resolve("exec").toString(),
        "--pidfile", folder.resolve("pid").toString(),
        "--cgroup-parent", "/" + group + "-containers"));
    command.addAll(flags);
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    while (!answers()) {
      if (!process.isAlive()) {
        throw new IllegalStateException("the engine ended:\n" + Files.readString(folder.resolve("log")));
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  private boolean answers() {
    try (Api api = api()) {
      api.call("GET", "/_ping", "");
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  Api api() throws IOException {
    return new Api(socket());
  }

  Path folder() {
    return folder;
  }

  Path socket() {
    return folder.resolve("s");
  }

  /** Makes the image {@code busybox}. */
  void makeImage() throws Exception {
    Path tree = folder.resolve("tree");
    run(checkout.resolve("bin/lib/busybox-rootfs").toString(), tree.toString());
    run("sh", "-c", "tar -C " + tree + " -c . > " + folder.resolve("tar"));
    run(checkout.resolve("bin/berth").toString(), "--host", "unix://" + socket(), "import",
        folder.resolve("tar").toString(), "busybox:latest");
  }

  /** Creates a container of that image; its id. */
  static String create(Api api, String command, String hostConfig) throws IOException {
    return create(api, command, hostConfig, "");
  }

  /** The same with exposed ports, without which bindings publish nothing. */
  static String create(Api api, String command, String hostConfig, String exposed) throws IOException {
    String body = "{\"Image\":\"busybox\",\"Cmd\":[" + command + "],\"StopSignal\":\"KILL\",\"ExposedPorts\":{" + exposed
        + "},\"HostConfig\":{" + hostConfig + "}}";
    Matcher id = ID.matcher(api.call("POST", "/containers/create", body));
    if (!id.find()) {
      throw new IllegalStateException("no id in the answer");
    }
    return id.group(1);
  }

  /** Runs a program and returns what it says. */
  static String run(String... words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", words) + " ended with " + process.exitValue() + ": " + output);
    }
    return output;
  }

  /** Processor time that the engine and its helpers have used. */
  long cpuNanoseconds() throws IOException {
    String text = Files.readString(groupFile("cpuacct.usage", "cpu.stat"));
    return text.startsWith("usage_usec")
        ? Long.parseLong(text.lines().findFirst().orElseThrow().split(" ")[1]) * 1000
        : Long.parseLong(text.strip());
  }

  /** Proportional set size of the engine and its helpers, in MB. */
  double memory() throws IOException {
    double kilobytes = 0;
    for (String pid : processes()) {
      try {
        for (String line : Files.readAllLines(Path.of("/proc", pid, "smaps_rollup"))) {
          if (line.startsWith("Pss:")) {
            kilobytes += Double.parseDouble(line.replaceAll("[^0-9]", ""));
          }
        }
      } catch (IOException ended) {
        // A helper that ended meanwhile uses nothing.
      }
    }
    return kilobytes / 1024;
  }

  /** The engine's process and its helpers'. */
  List<String> processes() throws IOException {
    return Files.readAllLines(groupFile("cgroup.procs"));
  }

  private Path groupFile(String... names) {
    for (String root : GROUP_ROOTS) {
      for (String name : names) {
        Path file = Path.of(root + group, name);
        if (Files.exists(file)) {
          return file;
        }
      }
    }
    throw new IllegalStateException("no control group for the engine's figures");
  }

  private void removeContainers() throws IOException {
    try (Api api = api()) {
      Matcher ids = ID.matcher(api.call("GET", "/containers/json?all=1", ""));
      while (ids.find()) {
        api.call("DELETE", "/containers/" + ids.group(1) + "?force=1", "");
      }
    }
  }

  @Override
  public void close() throws Exception {
    if (process != null && process.isAlive()) {
      removeContainers();
      stop();
    }
    for (String root : GROUP_ROOTS) {
      try {
        Files.deleteIfExists(Path.of(root + group));
      } catch (IOException stillUsed) {
        System.err.println("left behind: " + stillUsed.getMessage());
      }
    }
    new ProcessBuilder("sh", "-c", "rmdir /sys/fs/cgroup/*/" + group + "-containers /sys/fs/cgroup/" + group
        + "-containers 2>/dev/null; rm -rf --one-file-system " + folder).start().waitFor();
  }
}
