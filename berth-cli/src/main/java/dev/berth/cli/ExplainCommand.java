package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says who reaches whom, and why not. */
@Command(
    name = "explain",
    description = "Say whether A can reach B, and why not; without B how A can be reached.")
final class ExplainCommand extends Base {
  private static final int UNKNOWN = 2;

  @Option(names = "--json", description = "Print the answer as JSON.")
  boolean json;

  @Option(names = "--no-probe", description = "Only foretell it; do not try to connect.")
  boolean noProbe;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "Who connects: a container, host, or outside for another machine.")
  String from = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "B",
      description =
          "To whom: a container, one of its names, host, or any address or name. Without it: how A"
              + " can be reached.")
  String to = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "PORT[/udp]",
      description = "To which port; without it, whether packets come through at all.")
  String port = "";

  @Override
  public Integer call() {
    if (to.isEmpty()) {
      return reach();
    }
    String[] parts = port.split("/", 2);
    if (!parts[0].matches("[0-9]{0,5}")) {
      throw new CliException(UNKNOWN, "invalid port: " + port);
    }
    Query query =
        Query.none()
            .with("from", from)
            .with("to", to)
            .with("port", parts[0])
            .with("protocol", parts.length > 1 ? parts[1] : "")
            .with("probe", noProbe ? "0" : "1");
    JsonNode answer = ask("explain", query);
    if (json) {
      out().println(pretty(answer));
    } else {
      print(answer, out());
    }
    return answer.path("Reachable").asBoolean() ? 0 : 1;
  }

  private JsonNode ask(String what, Query query) {
    try {
      return engine().get("/berth/v1/network/" + what, query);
    } catch (ApiException refused) {
      throw new CliException(UNKNOWN, "Error response from daemon: " + refused.text());
    }
  }

  private int reach() {
    JsonNode answer = ask("reach", Query.none().with("container", from));
    if (json) {
      out().println(pretty(answer));
      return 0;
    }
    out()
        .println(
            answer.path("Container").asText()
                + " is "
                + answer.path("State").asText()
                + (answer.path("Mode").asText().equals("host")
                    ? ", on the network of the host"
                    : ""));
    out().println();
    for (JsonNode network : answer.path("Networks")) {
      line("network", network.path("Name").asText());
      line("  address", words(network.path("Addresses")));
      line("  names", words(network.path("Names")));
      line("  shared with", words(network.path("Neighbours")));
    }
    for (JsonNode port : answer.path("Ports")) {
      line("port", port.path("Port").asText() + "/" + port.path("Protocol").asText());
      line("  listens on", words(port.path("Listening")));
      line("  published on", words(port.path("Published")));
      line("  note", port.path("Remark").asText());
    }
    return 0;
  }

  private void line(String label, String text) {
    if (!text.isEmpty()) {
      out().printf("  %-15s %s%n", label, text);
    }
  }

  private static String words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(word.asText()));
    return String.join(", ", words);
  }

  /** The verdict first, then each step, then what to do. */
  static void print(JsonNode answer, PrintStream out) {
    out.println(
        (answer.path("Reachable").asBoolean() ? "YES: " : "NO: ")
            + answer.path("Summary").asText());
    out.println();
    for (JsonNode step : answer.path("Steps")) {
      String result = step.path("Result").asText();
      String mark = result.equals("failed") ? "no" : result.equals("note") ? "note" : "ok";
      out.printf(
          "  %-4s  %-10s %s%n", mark, step.path("Step").asText(), step.path("Text").asText());
      if (step.has("Rule")) {
        out.printf("  %-4s  %-10s rule: %s%n", "", "", step.path("Rule").asText());
      }
    }
    JsonNode probe = answer.path("Probe");
    if (!probe.path("Outcome").asText().equals("not-made")) {
      out.printf(
          "  %-4s  %-10s %s%n",
          probe.path("Agrees").asBoolean() ? "ok" : "no", "tried", tried(probe));
    }
    if (!answer.path("Advice").isEmpty()) {
      out.println();
      answer.path("Advice").forEach(line -> out.println(line.asText()));
    }
  }

  private static String tried(JsonNode probe) {
    String what =
        switch (probe.path("Outcome").asText()) {
          case "connected" -> "connected";
          case "refused" -> "refused";
          case "silent" -> "no answer";
          case "unreachable" -> "no way there";
          default -> "sent, and nobody refused it";
        };
    return "%s: %s after %d ms%s"
        .formatted(
            probe.path("Target").asText(),
            what,
            probe.path("Milliseconds").asLong(),
            probe.path("Agrees").asBoolean() ? "" : ", which is not what the state foretells");
  }
}
