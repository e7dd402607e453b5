package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Says which words may stand where the cursor is: commands, options, and the names of what the
 * engine has. A line each, with what it is behind a tab; nothing where files may stand.
 */
final class Completion {
  /** The word in front of the words that a shell asks about; the last of these is incomplete. */
  static final String QUESTION = "__complete";

  private final Session session;
  private final PrintStream out;
  private final Map<String, String> found = new TreeMap<>();

  Completion(Session session, PrintStream out) {
    this.session = session;
    this.out = out;
  }

  /** Answers; an engine that does not answer means no names, not an error. */
  int answer(List<String> words) {
    List<String> before = words.isEmpty() ? words : words.subList(0, words.size() - 1);
    String last = words.isEmpty() ? "" : words.getLast();
    try {
      complete(new ArrayList<>(before), last);
    } catch (ApiException | CliException | UsageException unanswered) {
      found.clear();
    }
    found.forEach((word, text) -> {
      if (word.startsWith(last)) {
        out.println(text.isEmpty() ? word : word + "\t" + text);
      }
    });
    return 0;
  }

  private void complete(List<String> words, String last) {
    while (words.size() > 1 && (words.getFirst().equals("-H") || words.getFirst().equals("--host"))) {
      session.host(words.get(1));
      words.subList(0, 2).clear();
    }
    if (words.isEmpty()) {
      describe(Commands.ALONE);
      found.putAll(Commands.DESCRIPTIONS);
      found.put("compose", "Hand over to an installed Docker Compose");
      return;
    }
    String first = words.removeFirst();
    Map<String, Supplier<Base>> group = Commands.GROUPS.get(first);
    if (group != null && words.isEmpty()) {
      describe(group);
      return;
    }
    String second = group == null ? first : words.removeFirst();
    String name = Commands.ALIASES.getOrDefault(first + " " + second, second);
    Supplier<Base> command = group == null ? Commands.ALONE.get(first) : group.get(name);
    if (command != null) {
      ofCommand(new CommandLine(command.get()).getCommandSpec(), words, last);
    }
  }

  private void describe(Map<String, Supplier<Base>> commands) {
    commands.forEach((word, command) -> found.put(word, Help.description(command.get())));
  }

  private void ofCommand(CommandSpec spec, List<String> words, String last) {
    OptionSpec waiting = words.isEmpty() ? null : valued(spec, words.getLast());
    if (waiting != null) {
      names(waiting.longestName().substring(2));
      return;
    }
    if (last.startsWith("-")) {
      for (OptionSpec option : Help.optionsOf(spec)) {
        found.put(option.longestName(), String.join(" ", option.description()));
      }
      return;
    }
    int position = 0;
    for (int i = 0; i < words.size(); i++) {
      boolean value = i > 0 && valued(spec, words.get(i - 1)) != null;
      position += value || words.get(i).startsWith("-") ? 0 : 1;
    }
    PositionalParamSpec parameter = parameter(spec, position);
    if (parameter != null) {
      names(parameter.paramLabel());
    }
  }

  /** The option that a word names and that waits for a value, or null. */
  private static @Nullable OptionSpec valued(CommandSpec spec, String word) {
    OptionSpec option = word.startsWith("-") ? spec.findOption(word) : null;
    boolean waits =
        option != null && option.type() != boolean.class && option.type() != Boolean.class;
    return waits ? option : null;
  }

  private static @Nullable PositionalParamSpec parameter(CommandSpec spec, int position) {
    List<PositionalParamSpec> all = spec.positionalParameters();
    if (all.isEmpty()) {
      return null;
    }
    PositionalParamSpec last = all.getLast();
    return position < all.size() ? all.get(position) : last.isMultiValue() ? last : null;
  }

  /** The engine's names of a kind, which the word that stands for one in the usage tells. */
  private void names(String label) {
    String kind = label.toLowerCase(Locale.ROOT);
    if (kind.startsWith("container") || kind.equals("volumes-from") || kind.equals("link")) {
      containers();
    } else if (kind.contains("image") || kind.startsWith("repository")) {
      images();
    } else if (kind.equals("network") || kind.equals("net")) {
      each(engine().get("/networks"), "Driver");
    } else if (kind.equals("volume")) {
      each(engine().get("/volumes").path("Volumes"), "Driver");
    } else if (kind.startsWith("plugin")) {
      each(engine().get("/plugins"), "Enabled");
    } else if (kind.equals("name|id")) {
      containers();
      images();
      each(engine().get("/networks"), "Driver");
      each(engine().get("/volumes").path("Volumes"), "Driver");
    } else if (kind.equals("shell")) {
      List.of("bash", "zsh", "fish").forEach(shell -> found.put(shell, ""));
    }
  }

  private EngineClient engine() {
    return session.client();
  }

  private void containers() {
    for (JsonNode container : engine().get("/containers/json", Query.none().with("all", true))) {
      String name = container.path("Names").path(0).asText().replaceFirst("^/", "");
      found.put(name, container.path("Status").asText());
    }
  }

  private void images() {
    for (JsonNode image : engine().get("/images/json")) {
      image.path("RepoTags").forEach(tag -> found.put(tag.asText(), "image"));
    }
  }

  private void each(JsonNode items, String field) {
    items.forEach(item -> found.put(item.path("Name").asText(), item.path(field).asText()));
  }
}
