import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast containers' names are answered, and what that costs the engine: the load is made inside of a container's
 * network namespace by dns-load.c, which needs a C compiler. Alone, and with many further sandboxes open.
 */
final class DnsSuite implements Suite {
  private static final int FURTHER_SANDBOXES = 500;
  private static final int RUNS = 5;
  private static final String SECONDS = "2";
  private static final String TYPE_A = "1";
  private static final String TYPE_PTR = "12";

  private Figures figures;
  private Engine engine;
  private Path load;
  private String pid;
  private String address;

  @Override
  public void measure(Settings settings, Figures into) throws Exception {
    figures = into;
    try (Engine fresh = new Engine(settings.checkout())) {
      engine = fresh;
      load = engine.folder().resolve("dns-load");
      Engine.run("cc", "-O2", "-o", load.toString(), settings.checkout().resolve("bench/dns-load.c").toString());
      engine.start();
      engine.makeImage();
      try (Api api = engine.api()) {
        api.call("POST", "/networks/create", "{\"Name\":\"bench\"}");
        String asking = sleeper(api, "");
        String web = sleeper(api, "web");
        pid = field(api, asking, "\"Pid\":([0-9]+)");
        address = field(api, web, "\"IPAddress\":\"([0-9.]+)\"");
        ask("web", TYPE_A, "16", "5", "");
        figuresOf("one sandbox");
        double before = engine.memory();
        List<String> further = new ArrayList<>();
        for (int i = 0; i < FURTHER_SANDBOXES; i++) {
          further.add(sleeper(api, ""));
        }
        TimeUnit.SECONDS.sleep(5);
        figures.put("memory for each further container, MB PSS", (engine.memory() - before) / FURTHER_SANDBOXES);
        figuresOf(FURTHER_SANDBOXES + " further sandboxes");
        for (String id : further) {
          api.call("DELETE", "/containers/" + id + "?force=1", "");
        }
      }
    }
  }

  private void figuresOf(String where) throws Exception {
    String[] bytes = address.split("\\.");
    String reverse = bytes[3] + "." + bytes[2] + "." + bytes[1] + "." + bytes[0] + ".in-addr.arpa";
    measure(where + ", one at a time", "web", TYPE_A, "1", "");
    measure(where + ", 16 in flight", "web", TYPE_A, "16", "");
    measure(where + ", one at a time, a socket each", "web", TYPE_A, "1", "fresh");
    measure(where + ", 16 in flight, addresses to names", reverse, TYPE_PTR, "16", "");
  }

  private void measure(String what, String name, String type, String inFlight, String mode) throws Exception {
    double[] rate = new double[RUNS];
    double[] middle = new double[RUNS];
    double[] late = new double[RUNS];
    double[] cpu = new double[RUNS];
    double[] own = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      long before = engine.cpuNanoseconds();
      String said = ask(name, type, inFlight, SECONDS, mode);
      double used = (engine.cpuNanoseconds() - before) / 1e3;
      if (number(said, "lost") + number(said, "empty") > 0) {
        throw new IllegalStateException("not every question was answered: " + said);
      }
      rate[i] = number(said, "perSecond");
      middle[i] = number(said, "p50us");
      late[i] = number(said, "p99us");
      own[i] = number(said, "ownCpuUsPerLookup");
      cpu[i] = used / number(said, "answers");
    }
    figures.put(what + ": answers a second", rate);
    figures.put(what + ": p50, us", middle);
    figures.put(what + ": p99, us", late);
    figures.put(what + ": engine, CPU us", cpu);
    figures.put(what + ": load's own, CPU us", own);
  }

  private String ask(String name, String type, String inFlight, String seconds, String mode) throws Exception {
    List<String> words = new ArrayList<>(List.of("nsenter", "--net=/proc/" + pid + "/ns/net", load.toString(),
        "127.0.0.11", "53", name, type, inFlight, seconds));
    if (!mode.isEmpty()) {
      words.add(mode);
    }
    return Engine.run(words.toArray(String[]::new));
  }

  private static double number(String json, String field) {
    Matcher found = Pattern.compile("\"" + field + "\":([0-9.]+)").matcher(json);
    if (!found.find()) {
      throw new IllegalStateException(field + " is not in " + json);
    }
    return Double.parseDouble(found.group(1));
  }

  private static String field(Api api, String id, String pattern) throws IOException {
    String state = api.call("GET", "/containers/" + id + "/json", "");
    Matcher found = Pattern.compile(pattern).matcher(state);
    String value = "";
    while (found.find()) {
      value = found.group(1);
    }
    return value;
  }

  private static String sleeper(Api api, String alias) throws IOException {
    String id = Engine.create(api, "\"sleep\",\"3600\"", "\"NetworkMode\":\"bench\"");
    if (!alias.isEmpty()) {
      api.call("POST", "/containers/" + id + "/rename?name=" + alias, "");
    }
    api.call("POST", "/containers/" + id + "/start", "");
    return id;
  }
}
