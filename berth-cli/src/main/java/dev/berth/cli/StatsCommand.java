package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what containers use, live. */
@Command(
    name = "stats",
    customSynopsis = "[OPTIONS] [CONTAINER...]",
    description = "Display a live stream of container(s) resource usage statistics.")
final class StatsCommand extends Base {
  private static final String TABLE =
      "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t"
          + "{{.BlockIO}}\t{{.PIDs}}";

  @Option(
      names = {"-a", "--all"},
      description = "Show stopped ones as well")
  boolean all;

  @Option(names = "--no-stream", description = "Show one reading and end")
  boolean noStream;

  @Option(names = "--no-trunc", description = "Do not cut anything")
  boolean noTrunc;

  @Option(names = "--format", description = "Print by a template: 'table TEMPLATE', 'json' or TEMPLATE")
  @Nullable String format;

  @Parameters(arity = "0..*", paramLabel = "CONTAINER")
  List<String> containers = List.of();

  @Override
  public Integer call() throws InterruptedException {
    String given = format == null ? UserConfiguration.ofUser().setting("statsFormat") : format;
    String chosen = given == null || given.equals("table") ? TABLE : given;
    Listing<Usage> listing = Usage.listing(!noTrunc);
    while (true) {
      String text = listing.render(chosen, readings());
      boolean redraws = !noStream && Terminal.outputIsTerminal();
      out().print(redraws ? "\033[2J\033[H" + text : text);
      out().flush();
      if (noStream) {
        return 0;
      }
      Thread.sleep(1000);
    }
  }

  /** One reading of each; they are asked for at once, since the engine measures for a second. */
  private List<Usage> readings() throws InterruptedException {
    List<Usage> readings = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Usage>> asked = new ArrayList<>();
      for (String name : names()) {
        asked.add(threads.submit(() -> reading(name)));
      }
      for (Future<Usage> one : asked) {
        readings.add(one.get());
      }
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException(failure);
    }
    return readings;
  }

  private Usage reading(String name) {
    Query once = Query.none().with("stream", "false");
    return new Usage(name, engine().get(LifeCommands.OnContainers.path(name, "stats"), once));
  }

  private List<String> names() {
    if (!containers.isEmpty()) {
      return containers;
    }
    List<String> ids = new ArrayList<>();
    for (JsonNode container : engine().get("/containers/json", Query.none().with("all", all))) {
      ids.add(container.path("Id").asText());
    }
    return ids;
  }
}
