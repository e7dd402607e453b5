package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks before much is removed, and says afterwards what was. */
final class Confirm {
  private Confirm() {}

  static void orEnd(boolean force, String warning) throws IOException {
    if (force) {
      return;
    }
    System.out.print(warning + "\nAre you sure you want to continue? [y/N] ");
    System.out.flush();
    String answer =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).equals("y")) {
      throw new CliException(1, "nothing was removed");
    }
  }

  static void report(String heading, JsonNode removed, JsonNode answer) {
    if (!removed.isEmpty()) {
      System.out.println(heading);
      removed.forEach(item -> System.out.println(item.asText()));
      System.out.println();
    }
    if (answer.has("SpaceReclaimed")) {
      System.out.println(
          "Total reclaimed space: " + Units.decimal(answer.path("SpaceReclaimed").asDouble()));
    }
  }
}
