import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The benchmark behind bench/run, which runs it from source: this file names the suites, each of which is a class of its
 * own beside it.
 */
final class Bench {
  private static final Map<String, Supplier<Suite>> SUITES = new LinkedHashMap<>();

  static {
    SUITES.put("life", LifeSuite::new);
    SUITES.put("networks", NetworkSuite::new);
    SUITES.put("traffic", TrafficSuite::new);
    SUITES.put("dns", DnsSuite::new);
    SUITES.put("volumes", VolumeSuite::new);
  }

  private Bench() {}

  /** Arguments: the checkout, then names of suites and options. Without a name: life. */
  public static void main(String[] arguments) throws Exception {
    Map<String, Supplier<Suite>> chosen = new LinkedHashMap<>();
    int runs = 50;
    Path json = null;
    for (int i = 1; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--runs" -> runs = Integer.parseInt(arguments[++i]);
        case "--json" -> json = Path.of(arguments[++i]);
        case "all" -> chosen.putAll(SUITES);
        default -> {
          if (!SUITES.containsKey(arguments[i])) {
            System.err.println("bench/run: unknown suite " + arguments[i] + "; there are all, "
                + String.join(", ", SUITES.keySet()));
            System.exit(2);
          }
          chosen.put(arguments[i], SUITES.get(arguments[i]));
        }
      }
    }
    if (chosen.isEmpty()) {
      chosen.put("life", SUITES.get("life"));
    }
    Figures figures = new Figures();
    for (Supplier<Suite> suite : chosen.values()) {
      suite.get().measure(new Suite.Settings(Path.of(arguments[0]), runs), figures);
    }
    figures.print();
    if (json != null) {
      figures.writeJson(json);
    }
  }
}
