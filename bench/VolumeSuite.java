import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What whole volumes cost: export and import beside bare tar, snapshots on file systems that copy on write, creation and
 * removal, and the filling of a volume from an image.
 */
final class VolumeSuite implements Suite {
  private static final int WARM_UP_RUNS = 30;
  private static final int LARGE_RUNS = 5;
  private static final String MIXED =
      "mkdir -p $0/large $0/middle $0/small; for i in $(seq 8); do head -c 80M /dev/urandom > $0/large/$i; done;"
          + " for i in $(seq 300); do head -c 1M /dev/urandom > $0/middle/$i; done;"
          + " for i in $(seq 4000); do head -c 20K /dev/urandom > $0/small/$i; done";
  private static final String MANY =
      "mkdir -p $0/data; cd $0/data; for d in $(seq 50); do mkdir $d; for f in $(seq 100); do"
          + " echo file $f of $d > $d/$f; done; done";

  private static final int MANY_MOUNTS = 10;
  private static final int MANY_VOLUMES = 1000;
  private static final int WRITTEN_MEGABYTES = 512;
  private static final String WRITE_AND_READ =
      "rm -f $0/f; busybox dd if=/dev/zero of=$0/f bs=1M count=" + WRITTEN_MEGABYTES + " conv=fsync 2>&1;"
          + " busybox dd if=$0/f of=/dev/null bs=1M 2>&1";
  private static final Pattern SECONDS = Pattern.compile("([0-9.]+) seconds");

  private Figures figures;
  private Settings settings;

  @Override
  public void measure(Settings chosen, Figures into) throws Exception {
    figures = into;
    settings = chosen;
    try (Engine engine = new Engine(settings.checkout())) {
      engine.start();
      engine.makeImage();
      small(engine);
      starts(engine);
      throughput(engine);
      copyUp(engine);
      diskUsage(engine);
      transfers(engine);
    }
    snapshots("btrfs", "mkfs.btrfs -q -f");
    snapshots("xfs", "mkfs.xfs -q -f -m reflink=1");
  }

  private void small(Engine engine) throws Exception {
    try (Api api = engine.api()) {
      double[] both = new double[settings.runs()];
      for (int i = -WARM_UP_RUNS; i < settings.runs(); i++) {
        long begun = System.nanoTime();
        api.call("POST", "/volumes/create", "{\"Name\":\"one\"}");
        api.call("DELETE", "/volumes/one", "");
        if (i >= 0) {
          both[i] = Figures.milliseconds(begun);
        }
      }
      figures.put("volume create and remove, ms", both);
    }
  }

  /** One start without, with one and with ten volumes, in turns, so that what the machine does meets all alike. */
  private void starts(Engine engine) throws Exception {
    int[] counts = {0, 1, MANY_MOUNTS};
    double[][] times = new double[counts.length][settings.runs()];
    try (Api api = engine.api()) {
      for (int i = -WARM_UP_RUNS; i < settings.runs(); i++) {
        for (int kind = 0; kind < counts.length; kind++) {
          double time = start(api, counts[kind]);
          if (i >= 0) {
            times[kind][i] = time;
          }
        }
      }
      for (int i = 0; i < MANY_MOUNTS; i++) {
        api.call("DELETE", "/volumes/mounted" + i, "");
      }
    }
    figures.put("start without a mount, ms", times[0]);
    figures.put("start with a volume, ms", times[1]);
    figures.put("start with ten volumes, ms", times[2]);
    figures.put("  each of them adds, ms", (Figures.median(times[2]) - Figures.median(times[0])) / MANY_MOUNTS);
  }

  private static double start(Api api, int mounts) throws Exception {
    String binds =
        IntStream.range(0, mounts).mapToObj(i -> "\"mounted" + i + ":/m" + i + "\"").collect(Collectors.joining(","));
    String id = Engine.create(api, "\"true\"", "\"NetworkMode\":\"none\",\"Binds\":[" + binds + "]");
    long begun = System.nanoTime();
    api.call("POST", "/containers/" + id + "/start", "");
    double time = Figures.milliseconds(begun);
    api.call("POST", "/containers/" + id + "/wait", "");
    api.call("DELETE", "/containers/" + id, "");
    return time;
  }

  /** The same program writes and reads the same amount in a container's volume and, on the host, in a folder beside it. */
  private void throughput(Engine engine) throws Exception {
    Path beside = Files.createDirectories(engine.folder().resolve("data/beside"));
    double[][] rates = new double[4][LARGE_RUNS];
    try (Api api = engine.api()) {
      for (int i = -1; i < LARGE_RUNS; i++) {
        String bare = Engine.run("busybox", "sh", "-c", WRITE_AND_READ, beside.toString());
        String inside = inVolume(api, WRITE_AND_READ);
        Matcher[] times = {SECONDS.matcher(inside), SECONDS.matcher(bare)};
        for (int figure = 0; figure < rates.length; figure++) {
          if (!times[figure % 2].find()) {
            throw new IllegalStateException("no time in: " + inside + bare);
          }
          double rate = WRITTEN_MEGABYTES / Double.parseDouble(times[figure % 2].group(1));
          if (i >= 0) {
            rates[figure][i] = rate;
          }
        }
      }
      api.call("DELETE", "/volumes/written", "");
    }
    figures.put("written in a volume, MB/s", rates[0]);
    figures.put("  written on the host beside it, MB/s", rates[1]);
    figures.put("  ratio of writing", Figures.median(rates[0]) / Figures.median(rates[1]));
    figures.put("read in a volume, MB/s", rates[2]);
    figures.put("  read on the host beside it, MB/s", rates[3]);
    figures.put("  ratio of reading", Figures.median(rates[2]) / Figures.median(rates[3]));
  }

  private static String inVolume(Api api, String line) throws Exception {
    String command = "\"sh\",\"-c\",\"" + line + "\",\"/d\"";
    String id = Engine.create(api, command, "\"NetworkMode\":\"none\",\"Binds\":[\"written:/d\"]");
    api.call("POST", "/containers/" + id + "/start", "");
    api.call("POST", "/containers/" + id + "/wait", "");
    String said = api.call("GET", "/containers/" + id + "/logs?stdout=1&stderr=1", "");
    api.call("DELETE", "/containers/" + id, "");
    return said;
  }

  private void diskUsage(Engine engine) throws Exception {
    double[] times = new double[LARGE_RUNS];
    try (Api api = engine.api()) {
      for (int i = 0; i < MANY_VOLUMES; i++) {
        api.call("POST", "/volumes/create", "{\"Name\":\"counted" + i + "\"}");
        Path data = engine.folder().resolve("data/volumes/counted" + i + "/_data");
        Files.writeString(Files.createDirectory(data.resolve("sub")).resolve("file"), "content");
      }
      for (int i = -1; i < LARGE_RUNS; i++) {
        long begun = System.nanoTime();
        api.call("GET", "/system/df", "");
        if (i < 0) {
          figures.put("system df with 1000 volumes, the first, ms", Figures.milliseconds(begun));
        } else {
          times[i] = Figures.milliseconds(begun);
        }
      }
      for (int i = 0; i < MANY_VOLUMES; i++) {
        api.call("DELETE", "/volumes/counted" + i, "");
      }
    }
    figures.put("system df with 1000 volumes, ms", times);
  }

  private void copyUp(Engine engine) throws Exception {
    Path tree = engine.folder().resolve("many");
    Engine.run("cp", "-a", engine.folder().resolve("tree").toString(), tree.toString());
    Engine.run("sh", "-c", MANY, tree.toString());
    Engine.run("sh", "-c", "tar -C " + tree + " -c . > " + engine.folder().resolve("many.tar"));
    berth(engine, "import", engine.folder().resolve("many.tar").toString(), "many:latest");
    double[] times = new double[LARGE_RUNS];
    double[] bare = new double[LARGE_RUNS];
    try (Api api = engine.api()) {
      for (int i = -1; i < LARGE_RUNS; i++) {
        String body =
            "{\"Image\":\"many\",\"Cmd\":[\"true\"],\"HostConfig\":{\"Binds\":[\"filled:/data\"]}}";
        long begun = System.nanoTime();
        String answer = api.call("POST", "/containers/create", body);
        double time = Figures.milliseconds(begun);
        String id = answer.replaceAll(".*\"Id\":\"([0-9a-f]{64})\".*", "$1").strip();
        api.call("DELETE", "/containers/" + id, "");
        api.call("DELETE", "/volumes/filled", "");
        Path copy = engine.folder().resolve("copy");
        long copied = System.nanoTime();
        Engine.run("cp", "-a", tree.resolve("data").toString(), copy.toString());
        double floor = Figures.milliseconds(copied);
        Engine.run("rm", "-r", copy.toString());
        if (i >= 0) {
          times[i] = time;
          bare[i] = floor;
        }
      }
    }
    figures.put("copy-up of 5000 files with its container, ms", times);
    figures.put("  floor: cp -a", bare);
  }

  private void transfers(Engine engine) throws Exception {
    try (Api api = engine.api()) {
      api.call("POST", "/volumes/create", "{\"Name\":\"source\"}");
    }
    Path data = engine.folder().resolve("data/volumes/source/_data");
    Path archive = engine.folder().resolve("archive.tar");
    Path bareFolder = engine.folder().resolve("bare");
    Engine.run("sh", "-c", MIXED, data.toString());
    Engine.run("sync");
    double[][] times = new double[6][LARGE_RUNS];
    for (int i = -1; i < LARGE_RUNS; i++) {
      double[] one = {
        timed(() -> Engine.run("tar", "-cf", archive.toString(), "-C", data.toString(), ".")),
        timed(() -> berth(engine, "volume", "export", "-o", archive.toString(), "source")),
        timed(() -> {
          Files.createDirectories(bareFolder);
          Engine.run("tar", "-xf", archive.toString(), "-C", bareFolder.toString());
        }),
        timed(() -> berth(engine, "volume", "import", "target", archive.toString())),
        timed(() -> berth(engine, "volume", "copy", "source", "copied")),
        timed(() -> berth(engine, "volume", "snapshot", "source", "kept"))
      };
      Engine.run("rm", "-rf", bareFolder.toString());
      berth(engine, "volume", "rm", "target", "copied");
      berth(engine, "volume", "snapshot-rm", "source", "kept");
      Engine.run("sync");
      for (int figure = 0; i >= 0 && figure < one.length; figure++) {
        times[figure][i] = one[figure];
      }
    }
    figures.put("export of 1 GB of mixed files, ms", times[1]);
    figures.put("  floor: tar -c", times[0]);
    figures.put("import of 1 GB of mixed files, ms", times[3]);
    figures.put("  floor: tar -x", times[2]);
    figures.put("copy of 1 GB, here, ms", times[4]);
    figures.put("snapshot of 1 GB, here, ms", times[5]);
  }

  private void snapshots(String fileSystem, String make) throws Exception {
    try (Engine engine = new Engine(settings.checkout())) {
      Path image = engine.folder().resolve("image");
      Path root = engine.folder().resolve("data");
      Engine.run("sh", "-c", "truncate -s 6G " + image + " && " + make + " " + image + " && mkdir " + root
          + " && mount -o loop " + image + " " + root);
      try {
        engine.start();
        snapshots(engine, fileSystem, root);
        engine.stop();
      } finally {
        TimeUnit.MILLISECONDS.sleep(200);
        Engine.run("umount", root.toString());
      }
    }
  }

  private void snapshots(Engine engine, String fileSystem, Path root) throws Exception {
    double[] take = new double[LARGE_RUNS];
    double[] restore = new double[LARGE_RUNS];
    try (Api api = engine.api()) {
      api.call("POST", "/volumes/create", "{\"Name\":\"source\"}");
      Engine.run("sh", "-c", MIXED, root.resolve("volumes/source/_data").toString());
      Engine.run("sync");
      for (int i = -1; i < LARGE_RUNS; i++) {
        double taken =
            timed(() -> api.call("POST", "/berth/v1/volumes/source/snapshots", "{\"Name\":\"kept\"}"));
        double restored =
            timed(() -> api.call("POST", "/berth/v1/volumes/source/restore?snapshot=kept", ""));
        api.call("DELETE", "/berth/v1/volumes/source/snapshots?snapshot=kept", "");
        if (i >= 0) {
          take[i] = taken;
          restore[i] = restored;
        }
      }
      api.call("DELETE", "/volumes/source", "");
    }
    figures.put(fileSystem + ": snapshot of 1 GB, ms", take);
    figures.put(fileSystem + ": restore of 1 GB, ms", restore);
  }

  private void berth(Engine engine, String... words) throws Exception {
    String[] command = new String[words.length + 3];
    command[0] = settings.checkout().resolve("bin/berth").toString();
    command[1] = "--host";
    command[2] = "unix://" + engine.socket();
    System.arraycopy(words, 0, command, 3, words.length);
    Engine.run(command);
  }

  private interface Step {
    void run() throws Exception;
  }

  private static double timed(Step step) throws Exception {
    long begun = System.nanoTime();
    step.run();
    return Figures.milliseconds(begun);
  }
}
