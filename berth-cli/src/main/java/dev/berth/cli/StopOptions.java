package dev.berth.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a container is stopped. */
final class StopOptions {
  @Option(
      names = {"-t", "--timeout"},
      description = "Seconds to wait before killing it")
  @Nullable Integer timeout;

  @Option(names = "--time", hidden = true, description = "The same as --timeout")
  @Nullable Integer time;

  @Option(
      names = {"-s", "--signal"},
      description = "Signal to send")
  @Nullable String signal;

  Query query() {
    return Query.none().with("t", timeout == null ? time : timeout).with("signal", signal);
  }
}
