import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The life of one container on three kinds of network, the engine's start, and its memory. */
final class LifeSuite implements Suite {
  private static final int WARM_UP_RUNS = 100;
  private static final int IDLE_CONTAINERS = 20;
  private static final int STARTS = 10;
  private static final int IDLE_SECONDS = 15;

  private Figures figures;
  private int runs;
  private long sink;

  @Override
  public void measure(Settings settings, Figures into) throws Exception {
    figures = into;
    runs = settings.runs();
    measureFloors();
    try (Engine engine = new Engine(settings.checkout())) {
      measureStarts(engine);
      engine.start();
      try (Api api = engine.api()) {
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        figures.put("idle memory after the start, MB PSS", engine.memory());
        engine.makeImage();
        api.call("POST", "/networks/create", "{\"Name\":\"bench\"}");
        for (String network : List.of("none", "bridge", "bench")) {
          for (int i = 0; i < WARM_UP_RUNS; i++) {
            life(api, network);
          }
          measureLife(engine, api, network);
        }
        measureMemory(engine, api);
      }
    }
  }

  /** What a program start and a loop cost without any engine: the machine's own speed. */
  private void measureFloors() throws Exception {
    double[] times = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      new ProcessBuilder("crun", "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
      times[i] = Figures.milliseconds(start);
    }
    figures.put("floor: one run of crun --version, ms", times);
    double[] loops = new double[runs];
    for (int i = 0; i < runs; i++) {
      long start = System.nanoTime();
      long sum = 0;
      for (int j = 0; j < 20_000_000; j++) {
        sum += j ^ (sum >>> 3);
      }
      loops[i] = Figures.milliseconds(start);
      sink = sum;
    }
    figures.put("floor: a fixed loop of additions, ms", loops);
  }

  private void measureStarts(Engine engine) throws Exception {
    double[] times = new double[STARTS];
    double[] cpu = new double[STARTS];
    for (int i = 0; i < STARTS; i++) {
      long before = i == 0 ? 0 : engine.cpuNanoseconds();
      long start = System.nanoTime();
      engine.start();
      times[i] = Figures.milliseconds(start);
      cpu[i] = (engine.cpuNanoseconds() - before) / 1e6;
      engine.stop();
    }
    figures.put("engine start to first answer, ms", times);
    figures.put("engine start to first answer, CPU ms", cpu);
  }

  private void measureLife(Engine engine, Api api, String network) throws Exception {
    double[] total = new double[runs];
    double[][] steps = new double[4][runs];
    long cpuBefore = engine.cpuNanoseconds();
    for (int i = 0; i < runs; i++) {
      double[] parts = life(api, network);
      for (int step = 0; step < parts.length; step++) {
        steps[step][i] = parts[step];
        total[i] += parts[step];
      }
    }
    TimeUnit.MILLISECONDS.sleep(500);
    double cpu = (engine.cpuNanoseconds() - cpuBefore) / 1e6 / runs;
    String name = network.equals("bench") ? "user network" : network.equals("bridge") ? "default bridge" : "no network";
    figures.put("life, " + name + ": total, ms", total);
    figures.put("life, " + name + ": engine and helpers, CPU ms", cpu);
    String[] words = {"create", "start", "wait", "remove"};
    for (int step = 0; step < words.length; step++) {
      figures.put("life, " + name + ": " + words[step] + ", ms", steps[step]);
    }
  }

  /** Create, start, wait and remove one container; the milliseconds of each. */
  private static double[] life(Api api, String network) throws IOException {
    double[] parts = new double[4];
    long start = System.nanoTime();
    String id = Engine.create(api, "\"true\"", "\"NetworkMode\":\"" + network + "\"");
    parts[0] = Figures.milliseconds(start);
    start = System.nanoTime();
    api.call("POST", "/containers/" + id + "/start", "");
    parts[1] = Figures.milliseconds(start);
    start = System.nanoTime();
    api.call("POST", "/containers/" + id + "/wait", "");
    parts[2] = Figures.milliseconds(start);
    start = System.nanoTime();
    api.call("DELETE", "/containers/" + id, "");
    parts[3] = Figures.milliseconds(start);
    return parts;
  }

  private void measureMemory(Engine engine, Api api) throws Exception {
    api.call("POST", "/containers/prune", "");
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    double idle = engine.memory();
    figures.put("idle memory after all these lives, MB PSS", idle);
    String[] ids = new String[IDLE_CONTAINERS];
    for (int i = 0; i < IDLE_CONTAINERS; i++) {
      ids[i] = Engine.create(api, "\"sleep\",\"600\"", "\"NetworkMode\":\"bench\"");
      api.call("POST", "/containers/" + ids[i] + "/start", "");
    }
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    figures.put(
        "each further idle container, helpers counted, MB PSS", (engine.memory() - idle) / IDLE_CONTAINERS);
    for (String id : ids) {
      api.call("DELETE", "/containers/" + id + "?force=1", "");
    }
  }
}
