import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, in the order in which it was: a name with its unit, and one value for each run. */
final class Figures {
  private final Map<String, double[]> values = new LinkedHashMap<>();

  void put(String name, double... runs) {
    values.put(name, runs);
  }

  static double median(double... runs) {
    double[] sorted = runs.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  static double milliseconds(long startNanoseconds) {
    return (System.nanoTime() - startNanoseconds) / 1e6;
  }

  void print() {
    System.out.printf(Locale.ROOT, "%-64s %9s %9s %9s %5s%n", "figure", "minimum", "median", "maximum", "runs");
    values.forEach(
        (name, runs) -> {
          double[] sorted = runs.clone();
          Arrays.sort(sorted);
          System.out.printf(Locale.ROOT, "%-64s %9.2f %9.2f %9.2f %5d%n", name, sorted[0],
              sorted[sorted.length / 2], sorted[sorted.length - 1], sorted.length);
        });
  }

  void writeJson(Path file) throws IOException {
    List<String> entries = new ArrayList<>();
    values.forEach((name, runs) -> entries.add("  \"" + name.strip() + "\": " + Arrays.toString(runs)));
    Files.writeString(file, "{\n" + String.join(",\n", entries) + "\n}\n");
  }
}
