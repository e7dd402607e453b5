import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What networks, endpoints and published ports cost, with each of the two firewall backends. */
final class NetworkSuite implements Suite {
  private static final int WARM_UP_RUNS = 30;
  private static final int MANY_NETWORKS = 200;
  private static final int MANY_ENDPOINTS = 500;
  private static final int SAMPLE = 20;
  private static final int PAIRS = 40;
  private static final int MANY_PORTS_RUNS = 5;

  private Figures figures;
  private int runs;

  @Override
  public void measure(Settings settings, Figures into) throws Exception {
    figures = into;
    runs = settings.runs();
    for (String backend : List.of("iptables", "nftables")) {
      try (Engine engine = new Engine(settings.checkout(), "--firewall-backend", backend)) {
        engine.start();
        engine.makeImage();
        try (Api api = engine.api()) {
          networks(api, backend, WARM_UP_RUNS, false);
          networks(api, backend, runs, true);
          connections(api, backend);
          ports(api, backend);
          manyPorts(engine, api, backend);
          pairs(api, backend);
          manyNetworks(api, backend);
          manyEndpoints(api, backend);
        }
      }
    }
  }

  private void networks(Api api, String backend, int times, boolean record) throws Exception {
    double[] create = new double[times];
    double[] remove = new double[times];
    for (int i = 0; i < times; i++) {
      create[i] = timed(() -> api.call("POST", "/networks/create", "{\"Name\":\"one\"}"));
      remove[i] = timed(() -> api.call("DELETE", "/networks/one", ""));
    }
    if (record) {
      figures.put(backend + ": network create, ms", create);
      figures.put(backend + ": network remove, ms", remove);
    }
  }

  private void connections(Api api, String backend) throws Exception {
    api.call("POST", "/networks/create", "{\"Name\":\"one\"}");
    api.call("POST", "/networks/create", "{\"Name\":\"two\"}");
    String id = sleeper(api, "\"NetworkMode\":\"one\"");
    String body = "{\"Container\":\"" + id + "\"}";
    double[] connect = new double[runs];
    double[] disconnect = new double[runs];
    for (int i = -WARM_UP_RUNS; i < runs; i++) {
      double there = timed(() -> api.call("POST", "/networks/two/connect", body));
      double back = timed(() -> api.call("POST", "/networks/two/disconnect", body));
      if (i >= 0) {
        connect[i] = there;
        disconnect[i] = back;
      }
    }
    figures.put(backend + ": connect, ms", connect);
    figures.put(backend + ": disconnect, ms", disconnect);
    remove(api, id);
    api.call("DELETE", "/networks/two", "");
    api.call("DELETE", "/networks/one", "");
  }

  /** Starts with and without a published port by turns, so that both meet the same machine. */
  private void ports(Api api, String backend) throws Exception {
    double[] without = new double[runs];
    double[] with = new double[runs];
    double[] more = new double[runs];
    for (int i = -WARM_UP_RUNS; i < runs; i++) {
      double plain = start(api, 0);
      double published = start(api, 1);
      if (i >= 0) {
        without[i] = plain;
        with[i] = published;
        more[i] = published - plain;
      }
    }
    figures.put(backend + ": start without a port, ms", without);
    figures.put(backend + ": start with one port, ms", with);
    figures.put(backend + ": what a port adds to a start, ms", more);
  }

  private double start(Api api, int ports) throws Exception {
    String id = publishing(api, ports);
    double time = timed(() -> api.call("POST", "/containers/" + id + "/start", ""));
    remove(api, id);
    return time;
  }

  private void manyPorts(Engine engine, Api api, String backend) throws Exception {
    double[] start = new double[MANY_PORTS_RUNS];
    double[] remove = new double[MANY_PORTS_RUNS];
    double[] processes = new double[MANY_PORTS_RUNS];
    double[] memory = new double[MANY_PORTS_RUNS];
    for (int i = -2; i < MANY_PORTS_RUNS; i++) {
      String plain = sleeper(api, "");
      TimeUnit.SECONDS.sleep(2);
      int processesBefore = engine.processes().size();
      double memoryBefore = engine.memory();
      remove(api, plain);
      String id = publishing(api, 1000);
      double up = timed(() -> api.call("POST", "/containers/" + id + "/start", ""));
      TimeUnit.SECONDS.sleep(2);
      int processesAfter = engine.processes().size();
      double memoryAfter = engine.memory();
      double down = timed(() -> remove(api, id));
      if (i >= 0) {
        start[i] = up;
        remove[i] = down;
        processes[i] = processesAfter - processesBefore;
        memory[i] = memoryAfter - memoryBefore;
      }
    }
    figures.put(backend + ": start with 1000 ports, ms", start);
    figures.put(backend + ": forced removal with 1000 ports, ms", remove);
    figures.put(backend + ": 1000 ports, further processes", processes);
    figures.put(backend + ": 1000 ports, further memory, MB PSS", memory);
  }

  /** Forty networks with a container each, one after the other. */
  private void pairs(Api api, String backend) throws Exception {
    List<String> ids = new ArrayList<>();
    double all =
        timed(
            () -> {
              for (int i = 0; i < PAIRS; i++) {
                api.call("POST", "/networks/create",
                    "{\"Name\":\"pair" + i + "\",\"IPAM\":{\"Config\":[{\"Subnet\":\"10.76." + i + ".0/24\"}]}}");
                ids.add(sleeper(api, "\"NetworkMode\":\"pair" + i + "\""));
              }
            });
    figures.put(backend + ": 40 networks with a container each, ms", all);
    for (String id : ids) {
      remove(api, id);
    }
    for (int i = 0; i < PAIRS; i++) {
      api.call("DELETE", "/networks/pair" + i, "");
    }
  }

  private void manyNetworks(Api api, String backend) throws Exception {
    double[] times = new double[MANY_NETWORKS];
    for (int i = 0; i < MANY_NETWORKS; i++) {
      String body =
          "{\"Name\":\"many" + i + "\",\"IPAM\":{\"Config\":[{\"Subnet\":\"10.77." + i + ".0/24\"}]}}";
      times[i] = timed(() -> api.call("POST", "/networks/create", body));
    }
    compare(backend + ": network create, first 20 of 200, ms", backend + ": network create, last 20 of 200, ms", times);
    ratio(backend + ": network create, last 20 to first 20 of 200", times);
    for (int i = 0; i < MANY_NETWORKS; i++) {
      api.call("DELETE", "/networks/many" + i, "");
    }
  }

  private void manyEndpoints(Api api, String backend) throws Exception {
    api.call("POST", "/networks/create",
        "{\"Name\":\"wide\",\"IPAM\":{\"Config\":[{\"Subnet\":\"10.78.0.0/16\"}]}}");
    api.call("POST", "/networks/create",
        "{\"Name\":\"other\",\"IPAM\":{\"Config\":[{\"Subnet\":\"10.79.0.0/16\"}]}}");
    String probe = sleeper(api, "\"NetworkMode\":\"other\"");
    String body = "{\"Container\":\"" + probe + "\"}";
    List<String> ids = new ArrayList<>();
    double[] times = new double[MANY_ENDPOINTS];
    for (int i = 0; i < MANY_ENDPOINTS; i++) {
      ids.add(sleeper(api, "\"NetworkMode\":\"wide\""));
      times[i] = timed(() -> api.call("POST", "/networks/wide/connect", body));
      api.call("POST", "/networks/wide/disconnect", body);
    }
    compare(backend + ": connect beside 1 to 20 endpoints, ms", backend + ": connect beside 481 to 500 endpoints, ms",
        times);
    ratio(backend + ": connect beside 481 to 500 endpoints to beside 1 to 20", times);
    for (String id : ids) {
      remove(api, id);
    }
    remove(api, probe);
    api.call("DELETE", "/networks/wide", "");
    api.call("DELETE", "/networks/other", "");
  }

  private void compare(String early, String late, double[] times) {
    figures.put(early, Arrays.copyOf(times, SAMPLE));
    figures.put(late, Arrays.copyOfRange(times, times.length - SAMPLE, times.length));
  }

  private void ratio(String name, double[] times) {
    double first = Figures.median(Arrays.copyOf(times, SAMPLE));
    double last = Figures.median(Arrays.copyOfRange(times, times.length - SAMPLE, times.length));
    figures.put(name, last / first);
  }

  private static String sleeper(Api api, String hostConfig) throws IOException {
    String id = Engine.create(api, "\"sleep\",\"600\"", hostConfig);
    api.call("POST", "/containers/" + id + "/start", "");
    return id;
  }

  private static void remove(Api api, String id) throws IOException {
    api.call("DELETE", "/containers/" + id + "?force=1", "");
  }

  /** Creates a container that publishes so many ports. */
  private static String publishing(Api api, int ports) throws IOException {
    List<String> bindings = new ArrayList<>();
    List<String> exposed = new ArrayList<>();
    for (int i = 0; i < ports; i++) {
      bindings.add("\"" + (8000 + i) + "/tcp\":[{\"HostPort\":\"" + (8000 + i) + "\"}]");
      exposed.add("\"" + (8000 + i) + "/tcp\":{}");
    }
    String hostConfig = "\"PortBindings\":{" + String.join(",", bindings) + "}";
    return Engine.create(api, "\"sleep\",\"600\"", hostConfig, String.join(",", exposed));
  }

  private static double timed(Step step) throws Exception {
    long start = System.nanoTime();
    step.run();
    return Figures.milliseconds(start);
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }
}
