import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The benchmark behind bench/run. One file, run from source, so that it needs no build of its own. */
final class Bench {
  private static final int WARM_UP_RUNS = 100;
  private static final int IDLE_CONTAINERS = 20;
  private static final int STARTS = 10;
  private static final int IDLE_SECONDS = 15;

  private final Path checkout;
  private final Path folder;
  private final String group = "berth-bench-" + ProcessHandle.current().pid();
  private final Map<String, double[]> figures = new LinkedHashMap<>();
  private int runs = 50;
  private long sink;

  private Bench(Path checkout, Path folder) {
    this.checkout = checkout;
    this.folder = folder;
  }

  public static void main(String[] arguments) throws Exception {
    Bench bench = new Bench(Path.of(arguments[0]), Files.createTempDirectory("berth-bench-"));
    Path json = null;
    for (int i = 1; i < arguments.length - 1; i++) {
      switch (arguments[i]) {
        case "--runs" -> bench.runs = Integer.parseInt(arguments[i + 1]);
        case "--json" -> json = Path.of(arguments[i + 1]);
        default -> {}
      }
    }
    try {
      bench.measure();
    } finally {
      bench.cleanUp();
    }
    bench.print();
    if (json != null) {
      Files.writeString(json, bench.asJson());
    }
  }

  private void measure() throws Exception {
    measureFloors();
    measureStarts();
    Process engine = startEngine();
    try (Api api = new Api(socket())) {
      TimeUnit.SECONDS.sleep(IDLE_SECONDS);
      figures.put("idle memory after the start, MB PSS", new double[] {groupMemory()});
      makeImage();
      api.call("POST", "/networks/create", "{\"Name\":\"bench\"}");
      for (String network : List.of("none", "bridge", "bench")) {
        for (int i = 0; i < WARM_UP_RUNS; i++) {
          life(api, network);
        }
        measureLife(api, network);
      }
      measureMemory(api, engine);
    } finally {
      engine.destroy();
      engine.waitFor(20, TimeUnit.SECONDS);
    }
  }

  /** What a program start and a conmon and crun pair cost without any engine: the machine's own speed. */
  private void measureFloors() throws Exception {
    double[] times = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      new ProcessBuilder("crun", "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
      times[i] = milliseconds(start);
    }
    figures.put("floor: one run of crun --version, ms", times);
    double[] loops = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      long sum = 0;
      for (int j = 0; j < 20_000_000; j++) {
        sum += j ^ (sum >>> 3);
      }
      loops[i] = milliseconds(start);
      sink = sum;
    }
    figures.put("floor: a fixed loop of additions, ms", loops);
  }

  private void measureStarts() throws Exception {
    double[] times = new double[STARTS];
    double[] cpu = new double[STARTS];
    for (int i = 0; i < STARTS; i++) {
      long before = i == 0 ? 0 : cpuNanoseconds();
      long start = System.nanoTime();
      Process engine = startEngine();
      times[i] = milliseconds(start);
      cpu[i] = (cpuNanoseconds() - before) / 1e6;
      engine.destroy();
      engine.waitFor(20, TimeUnit.SECONDS);
    }
    figures.put("engine start to first answer, ms", times);
    figures.put("engine start to first answer, CPU ms", cpu);
  }

  private void measureLife(Api api, String network) throws Exception {
    double[] total = new double[runs];
    double[][] steps = new double[4][runs];
    long cpuBefore = cpuNanoseconds();
    for (int i = 0; i < runs; i++) {
      double[] parts = life(api, network);
      for (int step = 0; step < parts.length; step++) {
        steps[step][i] = parts[step];
        total[i] += parts[step];
      }
    }
    TimeUnit.MILLISECONDS.sleep(500);
    double cpu = (cpuNanoseconds() - cpuBefore) / 1e6 / runs;
    String name = network.equals("bench") ? "user network" : network.equals("bridge") ? "default bridge" : "no network";
    figures.put("life, " + name + ": total, ms", total);
    figures.put("life, " + name + ": engine and helpers, CPU ms", new double[] {cpu});
    String[] words = {"create", "start", "wait", "remove"};
    for (int step = 0; step < words.length; step++) {
      figures.put("life, " + name + ": " + words[step] + ", ms", steps[step]);
    }
  }

  /** Create, start, wait and remove one container; the milliseconds of each. */
  private double[] life(Api api, String network) throws IOException {
    double[] parts = new double[4];
    long start = System.nanoTime();
    String created =
        api.call("POST", "/containers/create",
            "{\"Image\":\"busybox\",\"Cmd\":[\"true\"],\"HostConfig\":{\"NetworkMode\":\"" + network + "\"}}");
    String id = created.replaceFirst("(?s).*\"Id\":\"([0-9a-f]{64})\".*", "$1");
    parts[0] = milliseconds(start);
    start = System.nanoTime();
    api.call("POST", "/containers/" + id + "/start", "");
    parts[1] = milliseconds(start);
    start = System.nanoTime();
    api.call("POST", "/containers/" + id + "/wait", "");
    parts[2] = milliseconds(start);
    start = System.nanoTime();
    api.call("DELETE", "/containers/" + id, "");
    parts[3] = milliseconds(start);
    return parts;
  }

  private void measureMemory(Api api, Process engine) throws Exception {
    api.call("POST", "/containers/prune", "");
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    double idle = groupMemory();
    figures.put("idle memory after all these lives, MB PSS", new double[] {idle});
    for (int i = 0; i < IDLE_CONTAINERS; i++) {
      String created =
          api.call("POST", "/containers/create?name=idle" + i,
              "{\"Image\":\"busybox\",\"Cmd\":[\"sleep\",\"600\"],\"HostConfig\":{\"NetworkMode\":\"bench\"}}");
      String id = created.replaceFirst("(?s).*\"Id\":\"([0-9a-f]{64})\".*", "$1");
      api.call("POST", "/containers/" + id + "/start", "");
    }
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    figures.put(
        "each further idle container, helpers counted, MB PSS",
        new double[] {(groupMemory() - idle) / IDLE_CONTAINERS});
    for (int i = 0; i < IDLE_CONTAINERS; i++) {
      api.call("DELETE", "/containers/idle" + i + "?force=1", "");
    }
  }

  private Process startEngine() throws Exception {
    Path start = folder.resolve("start");
    Files.writeString(
        start,
        "for d in /sys/fs/cgroup/cpuacct /sys/fs/cgroup; do mkdir -p $d/" + group + " 2>/dev/null"
            + " && echo $$ > $d/" + group + "/cgroup.procs 2>/dev/null && break; done\nexec \"$@\"\n");
    Process engine =
        new ProcessBuilder(
                "sh", start.toString(), checkout.resolve("bin/berthd").toString(),
                "--host", "unix://" + socket(),
                "--data-root", folder.resolve("data").toString(),
                "--exec-root", folder.resolve("exec").toString(),
                "--pidfile", folder.resolve("pid").toString(),
                "--cgroup-parent", "/" + group + "-containers")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
            .start();
    while (true) {
      try (Api api = new Api(socket())) {
        api.call("GET", "/_ping", "");
        return engine;
      } catch (IOException notYet) {
        if (!engine.isAlive()) {
          throw new IllegalStateException("the engine ended:\n" + Files.readString(folder.resolve("log")));
        }
        TimeUnit.MILLISECONDS.sleep(2);
      }
    }
  }

  private void makeImage() throws Exception {
    Path tree = folder.resolve("tree");
    run(checkout.resolve("bin/lib/busybox-rootfs").toString(), tree.toString());
    run("sh", "-c", "tar -C " + tree + " -c . > " + folder.resolve("tar"));
    run(checkout.resolve("bin/berth").toString(), "--host", "unix://" + socket(), "import",
        folder.resolve("tar").toString(), "busybox:latest");
  }

  private static void run(String... words) throws Exception {
    Process process =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", words) + " ended with " + process.exitValue());
    }
  }

  private Path socket() {
    return folder.resolve("s");
  }

  private Path groupFile(String... names) {
    for (String root : List.of("/sys/fs/cgroup/cpuacct/", "/sys/fs/cgroup/")) {
      for (String name : names) {
        Path file = Path.of(root + group, name);
        if (Files.exists(file)) {
          return file;
        }
      }
    }
    throw new IllegalStateException("no control group for the engine's figures");
  }

  private long cpuNanoseconds() throws IOException {
    Path file = groupFile("cpuacct.usage", "cpu.stat");
    String text = Files.readString(file);
    return text.startsWith("usage_usec")
        ? Long.parseLong(text.lines().findFirst().orElseThrow().split(" ")[1]) * 1000
        : Long.parseLong(text.strip());
  }

  private double groupMemory() throws IOException {
    double kilobytes = 0;
    for (String pid : Files.readAllLines(groupFile("cgroup.procs"))) {
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

  private void cleanUp() throws Exception {
    for (String root : List.of("/sys/fs/cgroup/cpuacct/", "/sys/fs/cgroup/")) {
      Files.deleteIfExists(Path.of(root + group));
    }
    new ProcessBuilder("sh", "-c", "rmdir /sys/fs/cgroup/*/" + group + "-containers /sys/fs/cgroup/" + group
        + "-containers 2>/dev/null; rm -rf --one-file-system " + folder).start().waitFor();
  }

  private static double milliseconds(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private void print() {
    System.out.printf(Locale.ROOT, "%-58s %9s %9s %9s %5s%n", "figure", "minimum", "median", "maximum", "runs");
    figures.forEach(
        (name, values) -> {
          double[] sorted = values.clone();
          Arrays.sort(sorted);
          System.out.printf(Locale.ROOT, "%-58s %9.1f %9.1f %9.1f %5d%n", name, sorted[0],
              sorted[sorted.length / 2], sorted[sorted.length - 1], sorted.length);
        });
  }

  private String asJson() {
    List<String> entries = new ArrayList<>();
    figures.forEach((name, values) -> entries.add("  \"" + name.strip() + "\": " + Arrays.toString(values)));
    return "{\n" + String.join(",\n", entries) + "\n}\n";
  }

  /** A client of the API that keeps its connection. */
  private static final class Api implements AutoCloseable {
    private final SocketChannel channel;
    private final InputStream in;

    Api(Path socket) throws IOException {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(socket));
      in = new java.io.BufferedInputStream(Channels.newInputStream(channel));
    }

    String call(String method, String path, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      String head = method + " /v1.51" + path + " HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: "
          + bytes.length + "\r\n\r\n";
      channel.write(ByteBuffer.wrap((head + body).getBytes(StandardCharsets.UTF_8)));
      String status = line();
      int length = -1;
      boolean chunked = false;
      for (String field = line(); !field.isEmpty(); field = line()) {
        String lower = field.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(lower.substring(15).strip());
        }
        chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
      }
      String answer = chunked ? chunks() : new String(in.readNBytes(Math.max(length, 0)), StandardCharsets.UTF_8);
      int code = Integer.parseInt(status.split(" ")[1]);
      if (code >= 400) {
        throw new IllegalStateException(method + " " + path + ": " + status + " " + answer);
      }
      return answer;
    }

    private String chunks() throws IOException {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      while (true) {
        int size = Integer.parseInt(line().strip(), 16);
        all.write(in.readNBytes(size));
        line();
        if (size == 0) {
          return all.toString(StandardCharsets.UTF_8);
        }
      }
    }

    private String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("closed");
        }
        if (c != '\r') {
          line.write(c);
        }
      }
      return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
