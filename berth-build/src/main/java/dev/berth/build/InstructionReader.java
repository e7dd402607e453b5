package dev.berth.build;

import dev.berth.build.Instruction.CommandLine;
import dev.berth.build.Instruction.CopyChoices;
import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import dev.berth.core.Spelling;
import dev.berth.image.GoDuration;
import dev.berth.image.Healthcheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Understands one instruction; every error is INVALID, in Docker's words. */
final class InstructionReader {
  private static final Pattern STAGE_NAME = Pattern.compile("[a-z][a-z0-9-_.]*");
  private static final Pattern ONBUILD = Pattern.compile("(?i)^\\s*ONBUILD\\s*");
  private static final String BUILDKIT =
      " option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to"
          + " build images with BuildKit enabled";
  private static final Set<String> KEYWORDS =
      new TreeSet<>(
          Set.of(
              "ADD",
              "ARG",
              "CMD",
              "COPY",
              "ENTRYPOINT",
              "ENV",
              "EXPOSE",
              "FROM",
              "HEALTHCHECK",
              "LABEL",
              "MAINTAINER",
              "ONBUILD",
              "RUN",
              "SHELL",
              "STOPSIGNAL",
              "USER",
              "VOLUME",
              "WORKDIR"));
  private static final Map<String, Boolean> NO_FLAGS = Map.of();

  private final SourceLine line;
  private final char escape;
  private final String text;

  private InstructionReader(SourceLine line, char escape) {
    this.line = line;
    this.escape = escape;
    this.text = line.original().strip();
  }

  /** Understands it. */
  static Instruction read(SourceLine line, char escape) {
    return new InstructionReader(line, escape).read();
  }

  private Instruction read() {
    String keyword = line.keyword().toUpperCase(Locale.ROOT);
    return switch (keyword) {
      case "ADD", "COPY" -> copy(keyword);
      case "ARG" -> arg();
      case "CMD" -> new Instruction.Cmd(text, plainCommand());
      case "ENTRYPOINT" -> new Instruction.Entrypoint(text, plainCommand());
      case "ENV" -> new Instruction.Env(text, pairs(keyword));
      case "EXPOSE" -> new Instruction.Expose(text, sorted(some(keyword, Words::plain)));
      case "FROM" -> from();
      case "HEALTHCHECK" -> health();
      case "LABEL" -> new Instruction.Label(text, pairs(keyword), false);
      case "MAINTAINER" -> new Instruction.Maintainer(text, one(keyword));
      case "ONBUILD" -> onBuild();
      case "RUN" -> run();
      case "SHELL" -> shell();
      case "STOPSIGNAL" -> new Instruction.StopSignal(text, one(keyword));
      case "USER" -> new Instruction.User(text, one(keyword));
      case "VOLUME" -> volume();
      case "WORKDIR" -> new Instruction.Workdir(text, one(keyword));
      default ->
          throw EngineException.invalid(
              "unknown instruction: " + line.keyword() + suggestion(line.keyword()));
    };
  }

  private static String suggestion(String keyword) {
    for (String known : KEYWORDS) {
      if (Spelling.distance(known, keyword.toUpperCase(Locale.ROOT)) < 3) {
        return " (did you mean " + known + "?)";
      }
    }
    return "";
  }

  private Map<String, List<String>> flags(Map<String, Boolean> known) {
    return Words.flagValues(line.flags(), known);
  }

  private static String flag(Map<String, List<String>> flags, String name) {
    return flags.getOrDefault(name, List.of("")).getFirst();
  }

  private String one(String keyword) {
    if (line.arguments().isEmpty()) {
      throw EngineException.invalid(keyword + " requires exactly one argument");
    }
    flags(NO_FLAGS);
    return line.arguments();
  }

  private interface Form {
    List<String> words(String arguments);
  }

  private List<String> some(String keyword, Form form) {
    List<String> words = form.words(line.arguments());
    if (words.isEmpty()) {
      throw EngineException.invalid(keyword + " requires at least one argument");
    }
    flags(NO_FLAGS);
    return words;
  }

  private static List<String> sorted(List<String> words) {
    return words.stream().sorted().toList();
  }

  private List<Instruction.Pair> pairs(String keyword) {
    flags(NO_FLAGS);
    return Words.pairs(keyword, line.arguments(), escape);
  }

  private Instruction arg() {
    List<Instruction.Argument> arguments = new ArrayList<>();
    for (String word : some("ARG", rest -> Words.quoted(rest, escape))) {
      int equals = word.indexOf('=');
      if (equals == 0) {
        throw EngineException.invalid("ARG names can not be blank");
      }
      arguments.add(
          equals < 0
              ? new Instruction.Argument(word, null)
              : new Instruction.Argument(word.substring(0, equals), word.substring(equals + 1)));
    }
    return new Instruction.Arg(text, arguments);
  }

  private Instruction from() {
    List<String> words = Words.plain(line.arguments());
    String name = "";
    if (words.size() == 3 && words.get(1).equalsIgnoreCase("as")) {
      name = words.get(2).toLowerCase(Locale.ROOT);
      if (!STAGE_NAME.matcher(name).matches()) {
        throw EngineException.invalid(
            "invalid name for build stage: "
                + GoQuote.quote(words.get(2))
                + ", name can't start with a number or contain symbols");
      }
    } else if (words.size() != 1) {
      throw EngineException.invalid("FROM requires either one or three arguments");
    }
    String platform = flag(flags(Map.of("platform", false)), "platform");
    return new Instruction.From(text, words.getFirst(), name, platform);
  }

  private Instruction copy(String keyword) {
    List<String> words = Words.listOrPlain(line.arguments());
    if (words.size() < 2) {
      throw EngineException.invalid(
          keyword
              + " requires at least two arguments, but only one was provided. Destination could"
              + " not be determined");
    }
    Map<String, List<String>> flags =
        flags(
            keyword.equals("COPY")
                ? Map.of(
                    "chown", false, "chmod", false, "from", false, "link", false, "parents", false,
                    "exclude", true)
                : Map.of(
                    "chown",
                    false,
                    "chmod",
                    false,
                    "checksum",
                    false,
                    "link",
                    false,
                    "keep-git-dir",
                    false,
                    "exclude",
                    true));
    List<String> sources = new ArrayList<>();
    List<Heredoc> texts = new ArrayList<>();
    for (String word : words.subList(0, words.size() - 1)) {
      Heredoc begun = Heredoc.begunBy(word).orElse(null);
      if (begun == null) {
        sources.add(word);
      } else {
        texts.add(named(begun));
      }
    }
    if (Heredoc.begunBy(words.getLast()).isPresent()) {
      throw EngineException.invalid(keyword + " cannot accept a heredoc as a destination");
    }
    CopyChoices choices =
        new CopyChoices(
            flag(flags, "from"),
            flag(flags, "chown"),
            flag(flags, "chmod"),
            flag(flags, "checksum"),
            flags.getOrDefault("exclude", List.of()),
            flag(flags, "parents").equals("true"));
    return new Instruction.Copy(text, keyword, sources, texts, words.getLast(), choices);
  }

  private Heredoc named(Heredoc begun) {
    return line.heredocs().stream()
        .filter(heredoc -> heredoc.name().equals(begun.name()))
        .findFirst()
        .orElse(begun);
  }

  private CommandLine command() {
    List<String> list = Words.jsonList(line.arguments());
    if (list != null) {
      return new CommandLine(list, false);
    }
    return new CommandLine(
        line.arguments().isEmpty() ? List.of() : List.of(line.arguments()), true);
  }

  private CommandLine plainCommand() {
    flags(NO_FLAGS);
    return command();
  }

  private Instruction run() {
    for (String flag : line.flags()) {
      String name = flag.substring(2).split("=", 2)[0];
      if (name.equals("mount") || name.equals("security") || name.equals("device")) {
        throw EngineException.invalid("the --" + name + BUILDKIT);
      }
    }
    String network = flag(flags(Map.of("network", false)), "network");
    if (!Set.of("", "none", "host", "default").contains(network)) {
      throw EngineException.invalid("network mode " + GoQuote.quote(network) + " is not supported");
    }
    CommandLine command = command();
    if (command.words().isEmpty()) {
      throw EngineException.invalid("RUN requires at least one argument");
    }
    return new Instruction.Run(text, command, line.heredocs(), network);
  }

  private Instruction shell() {
    flags(NO_FLAGS);
    List<String> list = Words.jsonList(line.arguments());
    if (line.arguments().isEmpty() || (list != null && list.isEmpty())) {
      throw EngineException.invalid("SHELL requires at least one argument");
    }
    if (list == null) {
      throw EngineException.invalid(
          "SHELL requires the arguments to be in JSON form, not: " + line.original());
    }
    return new Instruction.Shell(text, list);
  }

  private Instruction volume() {
    List<String> paths = some("VOLUME", Words::listOrPlain).stream().map(String::strip).toList();
    if (paths.contains("")) {
      throw EngineException.invalid("VOLUME specified can not be an empty string");
    }
    return new Instruction.Volume(text, paths);
  }

  private Instruction onBuild() {
    if (line.arguments().isEmpty()) {
      throw EngineException.invalid("ONBUILD requires at least one argument");
    }
    flags(NO_FLAGS);
    String trigger = line.arguments().split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
    switch (trigger) {
      case "ONBUILD" ->
          throw EngineException.invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
      case "MAINTAINER", "FROM" ->
          throw EngineException.invalid(trigger + " isn't allowed as an ONBUILD trigger");
      default -> {}
    }
    StringBuilder whole = new StringBuilder(ONBUILD.matcher(text).replaceFirst(""));
    for (Heredoc heredoc : line.heredocs()) {
      whole.append('\n').append(heredoc.content()).append(heredoc.name());
    }
    return new Instruction.OnBuild(text, whole.toString());
  }

  private Instruction health() {
    String[] parts = line.arguments().split("\\s+", 2);
    String type = parts[0].toUpperCase(Locale.ROOT);
    String rest = parts.length > 1 ? parts[1].strip() : "";
    if (type.isEmpty()) {
      throw EngineException.invalid("HEALTHCHECK requires at least one argument");
    }
    if (type.equals("NONE")) {
      if (!rest.isEmpty()) {
        throw EngineException.invalid("HEALTHCHECK NONE takes no arguments");
      }
      Duration none = Duration.ZERO;
      return new Instruction.Health(
          text, new Healthcheck(List.of("NONE"), none, none, none, none, 0));
    }
    Map<String, List<String>> flags =
        flags(
            Map.of(
                "interval",
                false,
                "timeout",
                false,
                "start-period",
                false,
                "start-interval",
                false,
                "retries",
                false));
    if (!type.equals("CMD")) {
      throw EngineException.invalid(
          "Unknown type " + GoQuote.quote(type) + " in HEALTHCHECK (try CMD)");
    }
    if (rest.isEmpty()) {
      throw EngineException.invalid("Missing command after HEALTHCHECK CMD");
    }
    List<String> list = Words.jsonList(rest);
    List<String> test = new ArrayList<>(List.of(list == null ? "CMD-SHELL" : "CMD"));
    test.addAll(list == null ? List.of(rest) : list);
    return new Instruction.Health(
        text,
        new Healthcheck(
            test,
            interval(flags, "interval"),
            interval(flags, "timeout"),
            interval(flags, "start-period"),
            interval(flags, "start-interval"),
            retries(flag(flags, "retries"))));
  }

  private static Duration interval(Map<String, List<String>> flags, String name) {
    String value = flag(flags, name);
    if (value.isEmpty()) {
      return Duration.ZERO;
    }
    Duration duration = GoDuration.parse(value);
    if (!duration.isZero() && duration.compareTo(Duration.ofMillis(1)) < 0) {
      throw EngineException.invalid("Interval " + GoQuote.quote(name) + " cannot be less than 1ms");
    }
    return duration;
  }

  private static int retries(String value) {
    if (value.isEmpty()) {
      return 0;
    }
    try {
      int retries = Integer.parseInt(value);
      if (retries < 0) {
        throw EngineException.invalid("--retries cannot be negative (" + retries + ")");
      }
      return retries;
    } catch (NumberFormatException noNumber) {
      throw EngineException.invalid(
          "strconv.ParseInt: parsing " + GoQuote.quote(value) + ": invalid syntax");
    }
  }
}
