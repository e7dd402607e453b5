package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that measure volumes. */
final class VolumeFigureCommands {
  private VolumeFigureCommands() {}

  /** Shows what volumes take. */
  @Command(
      name = "stats",
      description = "Show size, inodes, users and device I/O of volumes, again and again.")
  static final class Stats extends Base {
    @Option(names = "--no-stream", description = "Show one reading and end.")
    boolean noStream;

    @Parameters(arity = "0..*", paramLabel = "VOLUME")
    List<String> volumes = List.of();

    @Override
    public Integer call() throws InterruptedException {
      Query query = Query.none();
      volumes.forEach(volume -> query.with("name", volume));
      while (true) {
        TextTable table =
            new TextTable("VOLUME", "DRIVER", "SIZE", "INODES", "USERS", "READ", "WRITTEN");
        engine().get("/berth/v1/volumes/stats", query).forEach(one -> table.row(cells(one)));
        if (!noStream && Terminal.outputIsTerminal()) {
          out().print("\033[2J\033[H");
        }
        table.print(out());
        if (noStream) {
          return 0;
        }
        Thread.sleep(1000);
      }
    }

    private static String[] cells(JsonNode one) {
      List<String> users = new ArrayList<>();
      one.path("Users").forEach(user -> users.add(user.asText()));
      return new String[] {
        one.path("Name").asText(),
        one.path("Driver").asText(),
        size(one.path("Size").asLong()),
        one.path("Inodes").asLong() < 0 ? "-" : one.path("Inodes").asText(),
        users.isEmpty() ? "-" : String.join(",", users),
        size(one.path("ReadBytes").asLong()),
        size(one.path("WrittenBytes").asLong())
      };
    }

    private static String size(long bytes) {
      return bytes < 0 ? "-" : Units.decimal((double) bytes);
    }
  }

  /** Measures how fast a volume is. */
  @Command(
      name = "bench",
      description =
          "Measure a volume: sequential and random I/O, a database's, small files, latency.")
  static final class Bench extends Base {
    @Option(
        names = "--scale",
        paramLabel = "FACTOR",
        description = "Smaller and shorter by this factor; 0.01 takes some seconds.")
    @Nullable String scale;

    @Option(
        names = {"-q", "--quiet"},
        description = "Do not say which case is done.")
    boolean quiet;

    @Parameters(index = "0", paramLabel = "VOLUME")
    String volume = "";

    @Override
    public Integer call() throws IOException {
      String path = VolumeObjectCommands.path(volume, "bench") + Query.none().with("scale", scale);
      TextTable table =
          new TextTable(
              "CASE", "READ", "WRITE", "READS/S", "WRITES/S", "MEAN LATENCY", "99 OF 100", "NOTE");
      int cases = 0;
      try (HttpExchange exchange = engine().open("POST", path, null, Map.of());
          MappingIterator<JsonNode> results =
              Json.MAPPER.readerFor(JsonNode.class).readValues(exchange.body())) {
        while (results.hasNextValue()) {
          JsonNode result = results.nextValue();
          cases++;
          if (!quiet) {
            err().println(cases + " of 7: " + result.path("Name").asText());
          }
          table.row(cells(result));
        }
      }
      table.print(out());
      return 0;
    }

    private static String[] cells(JsonNode one) {
      return new String[] {
        one.path("Name").asText(),
        rate(one.path("ReadRate").asDouble()),
        rate(one.path("WriteRate").asDouble()),
        count(one.path("Reads").asDouble()),
        count(one.path("Writes").asDouble()),
        time(one.path("MeanLatency").asDouble()),
        time(one.path("SlowLatency").asDouble()),
        one.path("Note").asText()
      };
    }

    private static String rate(double bytes) {
      return bytes <= 0 ? "-" : Units.decimal(bytes) + "/s";
    }

    private static String count(double number) {
      return number <= 0 ? "-" : String.format(Locale.ROOT, "%.0f", number);
    }

    private static String time(double microseconds) {
      if (microseconds <= 0) {
        return "-";
      }
      return microseconds < 1000
          ? String.format(Locale.ROOT, "%.0fus", microseconds)
          : String.format(Locale.ROOT, "%.2fms", microseconds / 1000);
    }
  }
}
