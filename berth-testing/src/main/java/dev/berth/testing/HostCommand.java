package dev.berth.testing;

import dev.berth.linux.Capture;
import dev.berth.linux.Fd;
import dev.berth.linux.SpawnRequest;
import java.util.List;

/**
 * Runs a program in the namespaces of the calling thread and gives back what it printed; for
 * asserting with {@code ip -j}, {@code nft -j} and the like instead of with our own code.
 */
public final class HostCommand {
  private HostCommand() {}

  /**
   * Runs a program to its end.
   *
   * @return its standard output
   * @throws AssertionError when its exit code is not 0
   */
  public static String run(String... arguments) {
    return succeed(SpawnRequest.of(List.of(arguments)));
  }

  /** Runs a program inside a network namespace; see {@link #run}. */
  public static String runIn(Fd network, String... arguments) {
    return succeed(SpawnRequest.of(List.of(arguments)).withNamespaces(List.of(network)));
  }

  /** Runs a program and tells everything about its end, whatever its exit code. */
  public static Capture.Result attempt(String... arguments) {
    return Capture.run(SpawnRequest.of(List.of(arguments)));
  }

  /** Runs a command in a network namespace, whatever becomes of it. */
  public static Capture.Result attemptIn(Fd network, String... arguments) {
    return Capture.run(SpawnRequest.of(List.of(arguments)).withNamespaces(List.of(network)));
  }

  private static String succeed(SpawnRequest request) {
    Capture.Result result = Capture.run(request);
    if (!result.status().isSuccess()) {
      throw new AssertionError(request.arguments() + ": " + result);
    }
    return result.output();
  }
}
