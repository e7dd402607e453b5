package dev.berth.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How one thing is printed. */
final class FormatOption {
  @Option(
      names = {"-f", "--format"},
      description = "Print by a template: 'json', or TEMPLATE in Go's language")
  @Nullable String format;
}
