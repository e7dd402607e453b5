package dev.berth.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Searches a registry for images. */
@Command(name = "search", description = "Search a registry for images.")
final class SearchCommand extends Base {
  @Option(
      names = {"-f", "--filter"},
      paramLabel = "filter",
      description = "Show only what fits: key=value")
  List<String> filter = List.of();

  @Option(names = "--format", description = "Print by a template: 'table TEMPLATE', 'json' or TEMPLATE")
  @Nullable String format;

  @Option(names = "--limit", description = "Show at most so many")
  @Nullable Integer limit;

  @Option(names = "--no-trunc", description = "Do not cut anything")
  boolean noTrunc;

  @Parameters(index = "0", paramLabel = "TERM")
  String term = "";

  @Override
  public Integer call() throws IOException {
    Query query =
        Query.none().with("term", term).with("limit", limit).withFilters(filter);
    Map<String, String> headers = Credentials.ofUser().headerFor(term);
    boolean table = format == null || format.equals("table");
    try (HttpExchange exchange = engine().open("GET", "/images/search" + query, null, headers)) {
      ObjectListings.found(noTrunc)
          .print(
              out(),
              table ? ObjectListings.FOUND : String.valueOf(format),
              Json.list(Json.MAPPER.readTree(exchange.body())));
    }
    return 0;
  }
}
