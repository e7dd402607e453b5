import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What packets cost once everything stands: connections a second and throughput, between two containers of a network,
 * from another machine to a published port, and from the host itself by loopback; with either packet filter. The floor
 * is the same between two namespaces on a bridge without any rule. The load is made by traffic-load.c, which needs a C
 * compiler.
 */
final class TrafficSuite implements Suite {
  private static final int RUNS = 5;
  private static final String SECONDS = "1";
  private static final String SERVER_PORT = "9000";
  private static final String STREAM_PORT = "9001";
  private static final String OUTSIDE = "bench-out";

  private Figures figures;
  private String load;

  @Override
  public void measure(Settings settings, Figures into) throws Exception {
    figures = into;
    for (String backend : List.of("iptables", "nftables")) {
      try (Engine engine = new Engine(settings.checkout(), "--firewall-backend", backend)) {
        Path program = engine.folder().resolve("traffic-load");
        load = program.toString();
        Engine.run("cc", "-O2", "-o", load, settings.checkout().resolve("bench/traffic-load.c").toString());
        if (backend.equals("iptables")) {
          floor();
        }
        engine.start();
        engine.makeImage();
        try (Api api = engine.api()) {
          containers(api, backend);
        }
      }
    }
  }

  /** Two namespaces on a bridge of the host's, before there is any rule. */
  private void floor() throws Exception {
    shell("ip link add bench-br type bridge && ip link set bench-br up");
    for (String end : List.of("1", "2")) {
      shell("ip netns add bench-%1$s && ip link add bench%1$s type veth peer name eth0 netns bench-%1$s".formatted(end)
          + " && ip link set bench%1$s master bench-br up && ip -n bench-%1$s link set eth0 up".formatted(end)
          + " && ip -n bench-%1$s addr add 10.66.0.%1$s/24 dev eth0".formatted(end));
    }
    try {
      both("floor: two namespaces on a bridge", List.of("ip", "netns", "exec", "bench-1"),
          List.of("ip", "netns", "exec", "bench-2"), "10.66.0.1");
    } finally {
      shell("ip netns del bench-1; ip netns del bench-2; ip link del bench-br");
    }
  }

  private void containers(Api api, String backend) throws Exception {
    api.call("POST", "/networks/create", "{\"Name\":\"bench\"}");
    String published = "\"NetworkMode\":\"bench\",\"PortBindings\":{\"9000/tcp\":[{\"HostPort\":\"9000\"}],"
        + "\"9001/tcp\":[{\"HostPort\":\"9001\"}]}";
    String server = sleeper(api, published);
    String client = sleeper(api, "\"NetworkMode\":\"bench\"");
    List<String> inServer = inside(api, server);
    String address = field(api, server, "\"IPAddress\":\"([0-9.]+)\"");
    both(backend + ": between containers", inServer, inside(api, client), address);
    shell("ip netns add " + OUTSIDE + " && ip link add bench-up type veth peer name eth0 netns " + OUTSIDE
        + " && ip addr add 198.51.100.1/24 dev bench-up && ip link set bench-up up"
        + " && ip -n " + OUTSIDE + " addr add 198.51.100.2/24 dev eth0 && ip -n " + OUTSIDE + " link set eth0 up");
    try {
      both(backend + ": from outside", inServer, List.of("ip", "netns", "exec", OUTSIDE), "198.51.100.1");
      both(backend + ": by loopback", inServer, List.of(), "127.0.0.1");
    } finally {
      shell("ip netns del " + OUTSIDE);
      for (String id : List.of(server, client)) {
        api.call("DELETE", "/containers/" + id + "?force=1", "");
      }
      api.call("DELETE", "/networks/bench", "");
    }
  }

  private void both(String what, List<String> inServer, List<String> inClient, String address) throws Exception {
    Process server = start(inServer, load, "serve", SERVER_PORT);
    try {
      server.inputReader().readLine();
      run(inClient, load, "connect", address, SERVER_PORT, SECONDS);
      double[] connects = new double[RUNS];
      double[] throughput = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        connects[i] = number(run(inClient, load, "connect", address, SERVER_PORT, SECONDS), "perSecond");
        throughput[i] = number(run(inClient, load, "stream", address, STREAM_PORT, SECONDS), "gigabitsPerSecond");
      }
      figures.put(what + ": connections a second", connects);
      figures.put(what + ": throughput, Gbit/s", throughput);
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private static List<String> inside(Api api, String id) throws IOException {
    return List.of("nsenter", "--net=/proc/" + field(api, id, "\"Pid\":([0-9]+)") + "/ns/net");
  }

  private static Process start(List<String> where, String... words) throws IOException {
    List<String> command = new ArrayList<>(where);
    command.addAll(Arrays.asList(words));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String run(List<String> where, String... words) throws Exception {
    List<String> command = new ArrayList<>(where);
    command.addAll(Arrays.asList(words));
    return Engine.run(command.toArray(String[]::new));
  }

  private static void shell(String line) throws Exception {
    Engine.run("sh", "-c", line);
  }

  private static String sleeper(Api api, String hostConfig) throws IOException {
    String id = Engine.create(api, "\"sleep\",\"3600\"", hostConfig, "\"9000/tcp\":{},\"9001/tcp\":{}");
    api.call("POST", "/containers/" + id + "/start", "");
    return id;
  }

  private static double number(String json, String field) {
    return Double.parseDouble(found(json, "\"" + field + "\":([0-9.]+)"));
  }

  private static String field(Api api, String id, String pattern) throws IOException {
    return found(api.call("GET", "/containers/" + id + "/json", ""), pattern);
  }

  private static String found(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    String value = "";
    while (matcher.find()) {
      value = matcher.group(1);
    }
    if (value.isEmpty()) {
      throw new IllegalStateException(pattern + " is not in " + text);
    }
    return value;
  }
}
