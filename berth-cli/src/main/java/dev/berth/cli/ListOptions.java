package dev.berth.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands that list things have in common. */
final class ListOptions {
  @Option(
      names = {"-q", "--quiet"},
      description = "Show ids or names only")
  boolean quiet;

  @Option(
      names = {"-f", "--filter"},
      paramLabel = "filter",
      description = "Show only what fits: key=value")
  List<String> filter = List.of();

  @Option(
      names = "--format",
      description = "Print by a template: 'table TEMPLATE', 'json', or TEMPLATE in Go's language")
  @Nullable String format;

  /**
   * The format to print in.
   *
   * @param table the whole default table
   * @param raw what {@code --format raw} stands for
   * @param quietly what {@code --quiet} stands for
   */
  String chosen(String table, String raw, String quietly) {
    if (format == null || format.isEmpty() || format.equals("table")) {
      return quiet ? quietly : table;
    }
    if (format.equals("raw")) {
      return quiet ? raw.substring(0, raw.indexOf('\n') < 0 ? raw.length() : raw.indexOf('\n')) : raw;
    }
    return format;
  }
}
