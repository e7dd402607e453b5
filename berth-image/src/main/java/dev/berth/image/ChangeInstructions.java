package dev.berth.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.EngineException;
import dev.berth.image.content.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies Dockerfile instructions to a configuration, as {@code import --change} and {@code commit
 * --change} take them. Source: Dockerfile reference.
 */
public final class ChangeInstructions {
  private static final Set<String> UNSUPPORTED =
      Set.of("ADD", "ARG", "COPY", "FROM", "MAINTAINER", "RUN", "SHELL");

  private String user;
  private final Set<String> exposedPorts;
  private final Map<String, String> env = new LinkedHashMap<>();
  private @Nullable List<String> entrypoint;
  private @Nullable List<String> cmd;
  private final Set<String> volumes;
  private String workingDir;
  private final Map<String, String> labels;
  private @Nullable String stopSignal;
  private @Nullable Healthcheck healthcheck;
  private final List<String> onBuild;
  private final ImageConfig base;

  private ChangeInstructions(ImageConfig base) {
    this.base = base;
    this.user = base.user();
    this.exposedPorts = new LinkedHashSet<>(base.exposedPorts());
    this.entrypoint = base.entrypoint();
    this.cmd = base.cmd();
    this.volumes = new LinkedHashSet<>(base.volumes());
    this.workingDir = base.workingDir();
    this.labels = new LinkedHashMap<>(base.labels());
    this.stopSignal = base.stopSignal();
    this.healthcheck = base.healthcheck();
    this.onBuild = new ArrayList<>(base.onBuild());
    for (String variable : base.env()) {
      int equals = variable.indexOf('=');
      env.put(
          equals < 0 ? variable : variable.substring(0, equals),
          equals < 0 ? "" : variable.substring(equals + 1));
    }
  }

  /**
   * The configuration after some instructions.
   *
   * @throws EngineException of kind INVALID for what is no such instruction
   */
  public static ImageConfig apply(ImageConfig base, List<String> changes) {
    ChangeInstructions state = new ChangeInstructions(base);
    for (String change : changes) {
      change.lines().filter(line -> !line.isBlank()).forEach(state::applyOne);
    }
    return state.result();
  }

  private ImageConfig result() {
    List<String> variables = new ArrayList<>();
    env.forEach((name, value) -> variables.add(name + "=" + value));
    return new ImageConfig(
        user,
        exposedPorts,
        variables,
        entrypoint,
        cmd,
        volumes,
        workingDir,
        labels,
        stopSignal,
        healthcheck,
        onBuild,
        base.shell(),
        base.argsEscaped());
  }

  private void applyOne(String line) {
    String[] parts = line.strip().split("\\s+", 2);
    String instruction = parts[0].toUpperCase(Locale.ROOT);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    if (UNSUPPORTED.contains(instruction)) {
      throw EngineException.invalid(
          instruction.toLowerCase(Locale.ROOT) + " is not a valid change command");
    }
    if (rest.isEmpty() && !instruction.equals("CMD") && !instruction.equals("ENTRYPOINT")) {
      throw EngineException.invalid(instruction + " requires at least one argument");
    }
    switch (instruction) {
      case "CMD" -> cmd = command(rest);
      case "ENTRYPOINT" -> entrypoint = command(rest);
      case "ENV" -> env.putAll(pairs(instruction, rest));
      case "EXPOSE" -> words(rest).forEach(port -> exposedPorts.add(port(port)));
      case "HEALTHCHECK" -> healthcheck = healthcheck(rest);
      case "LABEL" -> labels.putAll(pairs(instruction, rest));
      case "ONBUILD" -> onBuild.add(rest);
      case "STOPSIGNAL" -> stopSignal = rest;
      case "USER" -> user = rest;
      case "VOLUME" -> volumes.addAll(listOrWords(rest));
      case "WORKDIR" -> workingDir = directory(rest);
      default ->
          throw EngineException.invalid(
              "dockerfile parse error on line 1: unknown instruction: " + instruction);
    }
  }

  private String directory(String path) {
    java.nio.file.Path base = java.nio.file.Path.of(workingDir.isEmpty() ? "/" : workingDir);
    return base.resolve(path).normalize().toString();
  }

  private static List<String> command(String rest) {
    List<String> list = jsonList(rest);
    if (list != null) {
      return list;
    }
    return rest.isEmpty() ? List.of() : List.of("/bin/sh", "-c", rest);
  }

  private static List<String> listOrWords(String rest) {
    List<String> list = jsonList(rest);
    return list == null ? words(rest) : list;
  }

  private static @Nullable List<String> jsonList(String rest) {
    if (!rest.startsWith("[")) {
      return null;
    }
    try {
      List<String> list = new ArrayList<>();
      for (JsonNode item : Json.parse(rest, "instruction")) {
        if (!item.isTextual()) {
          return null;
        }
        list.add(item.textValue());
      }
      return list;
    } catch (EngineException notJson) {
      return null;
    }
  }

  private static String port(String text) {
    String[] parts = text.split("/", 2);
    String protocol = parts.length > 1 ? parts[1].toLowerCase(Locale.ROOT) : "tcp";
    boolean valid =
        parts[0].matches("[0-9]{1,5}(-[0-9]{1,5})?")
            && Set.of("tcp", "udp", "sctp").contains(protocol);
    if (!valid) {
      throw EngineException.invalid("invalid containerPort: " + text);
    }
    return parts[0] + "/" + protocol;
  }

  /** {@code name=value} words, or the old form of one name and the rest of the line. */
  private static Map<String, String> pairs(String instruction, String rest) {
    Map<String, String> pairs = new LinkedHashMap<>();
    List<String> words = words(rest);
    if (words.getFirst().indexOf('=') < 0) {
      String[] parts = rest.split("\\s+", 2);
      if (parts.length < 2) {
        throw EngineException.invalid(instruction + " must have two arguments");
      }
      pairs.put(parts[0], parts[1]);
      return pairs;
    }
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw EngineException.invalid(
            "Syntax error - can't find = in \"" + word + "\". Must be of the form: name=value");
      }
      if (equals == 0) {
        throw EngineException.invalid(instruction + " names can not be blank");
      }
      pairs.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return pairs;
  }

  /** Words parted by spaces; quotes and backslashes keep spaces within a word. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
        inWord = true;
      } else if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static Healthcheck healthcheck(String rest) {
    Map<String, String> options = new LinkedHashMap<>();
    String remainder = rest;
    while (remainder.startsWith("--")) {
      String[] parts = remainder.split("\\s+", 2);
      String[] option = parts[0].substring(2).split("=", 2);
      options.put(option[0], option.length > 1 ? option[1] : "");
      remainder = parts.length > 1 ? parts[1].strip() : "";
    }
    String[] parts = remainder.split("\\s+", 2);
    List<String> test =
        switch (parts[0].toUpperCase(Locale.ROOT)) {
          case "NONE" -> List.of("NONE");
          case "CMD" -> probe(parts.length > 1 ? parts[1] : "");
          default ->
              throw EngineException.invalid(
                  "Unknown type \"" + parts[0] + "\" in HEALTHCHECK (try CMD)");
        };
    int retries = Integer.parseInt(checkedNumber(options.getOrDefault("retries", "0")));
    return new Healthcheck(
        test,
        duration(options, "interval"),
        duration(options, "timeout"),
        duration(options, "start-period"),
        duration(options, "start-interval"),
        retries);
  }

  private static List<String> probe(String rest) {
    if (rest.isBlank()) {
      throw EngineException.invalid("Missing command after HEALTHCHECK CMD");
    }
    List<String> list = jsonList(rest);
    List<String> test = new ArrayList<>();
    test.add(list == null ? "CMD-SHELL" : "CMD");
    test.addAll(list == null ? List.of(rest) : list);
    return test;
  }

  private static String checkedNumber(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      throw EngineException.invalid("--retries must be at least 1 (not " + text + ")");
    }
    return text;
  }

  private static Duration duration(Map<String, String> options, String name) {
    String text = options.get(name);
    return text == null ? Duration.ZERO : GoDuration.parse(text);
  }
}
