package dev.berth.build;

import dev.berth.archive.TreePaths;
import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import dev.berth.image.Digest;
import dev.berth.image.GoDuration;
import dev.berth.image.Healthcheck;
import dev.berth.image.ImageConfig;
import dev.berth.image.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Carries out the instructions of one stage, each upon the image of the one before. */
final class StageRun {
  private final Surroundings around;
  private final BuildArguments arguments;
  private final ShellWords words;
  private final ConfigDraft draft;
  private final Platform platform;
  private final ContainerSteps containers;
  private @Nullable Digest image;
  private String author = "";
  private boolean cacheHolds;

  /**
   * What a stage shares with the others.
   *
   * @param request what the client asks
   * @param workshop does what needs the engine
   * @param output is told of each step
   * @param builder knows the other stages
   * @param context the client's files
   */
  record Surroundings(
      BuildRequest request,
      Workshop workshop,
      BuildOutput output,
      Builder builder,
      BuildContext context) {}

  StageRun(Surroundings around, BuildArguments arguments, ShellWords words, Workshop.Base base) {
    this.around = around;
    this.arguments = arguments;
    this.words = words;
    this.draft = new ConfigDraft(base.config());
    this.platform = base.platform();
    this.image = base.id();
    this.cacheHolds = around.request.cache();
    this.containers = new ContainerSteps(around);
  }

  /** Carries out what the base image wants of builds upon it. */
  void begin() throws InterruptedException {
    List<String> triggers = draft.takeOnBuild();
    if (triggers.isEmpty()) {
      return;
    }
    around.output.text(
        "# Executing "
            + triggers.size()
            + " build trigger"
            + (triggers.size() > 1 ? "s" : "")
            + "\n");
    for (String trigger : triggers) {
      carryOut(InstructionReader.read(LineReader.single(trigger), '\\'));
    }
  }

  /** What this stage has made so far. */
  Workshop.Base built() {
    return new Workshop.Base(image, draft.config(), platform);
  }

  void tellImage() {
    Digest known = image;
    around.output.text(" ---> " + (known == null ? "" : Builder.shortId(known)) + "\n");
  }

  void carryOut(Instruction instruction) throws InterruptedException {
    switch (instruction) {
      case Instruction.Arg arg -> arg(arg);
      case Instruction.Env env -> env(env);
      case Instruction.Label label -> label(label);
      case Instruction.Run run -> run(run);
      case Instruction.Copy copy -> copy(copy);
      case Instruction.Workdir workdir -> workdir(workdir);
      case Instruction.Cmd cmd -> {
        draft.cmd(resolved(cmd.command()));
        commit("CMD " + GoQuote.quote(resolved(cmd.command())));
      }
      case Instruction.Entrypoint entrypoint -> {
        draft.entrypoint(resolved(entrypoint.command()));
        commit("ENTRYPOINT " + GoQuote.quote(resolved(entrypoint.command())));
      }
      case Instruction.Expose expose -> expose(expose);
      case Instruction.User user -> {
        draft.user(expanded(user.user()));
        commit("USER " + expanded(user.user()));
      }
      case Instruction.Volume volume -> volume(volume);
      case Instruction.StopSignal signal -> stopSignal(signal);
      case Instruction.Shell shell -> {
        draft.shell(shell.words());
        commit("SHELL " + listed(shell.words()));
      }
      case Instruction.Health health -> health(health.check());
      case Instruction.OnBuild onBuild -> {
        draft.onBuild(onBuild.trigger());
        commit("ONBUILD " + onBuild.trigger());
      }
      case Instruction.Maintainer maintainer -> {
        author = maintainer.name();
        commit("MAINTAINER " + maintainer.name());
      }
      case Instruction.From from ->
          throw EngineException.invalid("FROM isn't allowed as an ONBUILD trigger");
    }
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>(draft.variables());
    variables.putAll(arguments.valuesBeside(draft.env()));
    return variables;
  }

  private String expanded(String text) {
    return words.expand(text, variables());
  }

  private static String listed(List<String> texts) {
    return texts.stream().collect(Collectors.joining(" ", "[", "]"));
  }

  private void arg(Instruction.Arg arg) {
    List<String> told = new ArrayList<>();
    for (Instruction.Argument argument : arg.arguments()) {
      String value = argument.value();
      Instruction.Argument known =
          new Instruction.Argument(
              expanded(argument.name()), value == null ? null : expanded(value));
      arguments.add(known.name(), known.value());
      told.add(known.toString());
    }
    commit("ARG " + String.join(" ", told));
  }

  private void env(Instruction.Env env) {
    Map<String, String> before = variables();
    List<Instruction.Pair> pairs =
        env.pairs().stream()
            .map(pair ->
                new Instruction.Pair(
                    words.expand(pair.name(), before), words.expand(pair.value(), before)))
            .toList();
    pairs.forEach(pair -> draft.env(pair.name(), pair.value()));
    commit("ENV " + joined(pairs));
  }

  private void label(Instruction.Label label) {
    List<Instruction.Pair> pairs =
        label.literal()
            ? label.pairs()
            : label.pairs().stream()
                .map(pair -> new Instruction.Pair(expanded(pair.name()), expanded(pair.value())))
                .toList();
    pairs.forEach(pair -> draft.label(pair.name(), pair.value()));
    commit("LABEL " + joined(pairs));
  }

  private static String joined(List<Instruction.Pair> pairs) {
    return pairs.stream().map(Instruction.Pair::toString).collect(Collectors.joining(" "));
  }

  private void expose(Instruction.Expose expose) {
    List<String> ports = new ArrayList<>();
    expose.ports().forEach(port -> ports.addAll(words.split(port, variables())));
    draft.expose(PortSpecs.parse(ports));
    commit("EXPOSE " + String.join(" ", ports));
  }

  private void volume(Instruction.Volume volume) {
    List<String> paths = volume.paths().stream().map(this::expanded).toList();
    if (paths.contains("")) {
      throw EngineException.invalid("VOLUME specified can not be an empty string");
    }
    draft.volumes(paths);
    commit("VOLUME " + listed(paths));
  }

  private void stopSignal(Instruction.StopSignal instruction) {
    String signal = expanded(instruction.signal());
    around.workshop.checkSignal(signal);
    draft.stopSignal(signal);
    commit("STOPSIGNAL " + signal);
  }

  private void health(Healthcheck check) {
    Healthcheck before = draft.healthcheck();
    if (before != null && !before.test().isEmpty() && !before.test().equals(List.of("NONE"))) {
      around.output.text("Note: overriding previous HEALTHCHECK: " + listed(before.test()) + "\n");
    }
    draft.healthcheck(check);
    commit(
        "HEALTHCHECK &{Test:"
            + listed(check.test())
            + " Interval:"
            + GoDuration.text(check.interval())
            + " Timeout:"
            + GoDuration.text(check.timeout())
            + " StartPeriod:"
            + GoDuration.text(check.startPeriod())
            + " StartInterval:"
            + GoDuration.text(check.startInterval())
            + " Retries:"
            + check.retries()
            + "}");
  }

  private List<String> resolved(Instruction.CommandLine command) {
    if (!command.shell() || command.words().isEmpty()) {
      return command.words();
    }
    List<String> whole = new ArrayList<>(draft.shellOrDefault());
    whole.addAll(command.words());
    return whole;
  }

  private void workdir(Instruction.Workdir instruction) {
    String path = expanded(instruction.path());
    if (path.isEmpty()) {
      throw EngineException.invalid("cannot normalize nothing");
    }
    String directory = TreePaths.clean(CopyPaths.joined(draft.workingDir(), path));
    draft.workingDir(directory);
    Workshop.Step step = step(withoutSpace("WORKDIR " + directory));
    if (isCached(step)) {
      return;
    }
    try (Workshop.Tree tree = around.workshop.tree(image)) {
      CopyPaths.makeDirectories(tree.root(), directory, Workshop.Owner.ROOT).close();
      image = tree.commit(step);
    }
  }

  private void copy(Instruction.Copy copy) throws InterruptedException {
    Instruction.CopyChoices choices = copy.choices();
    Map<String, String> variables = variables();
    Instruction.Copy known =
        new Instruction.Copy(
            copy.text(),
            copy.keyword(),
            copy.sources().stream().map(source -> words.expand(source, variables)).toList(),
            copy.texts().stream().map(text -> expanded(text, variables)).toList(),
            words.expand(copy.destination(), variables),
            new Instruction.CopyChoices(
                words.expand(choices.from(), variables),
                words.expand(choices.owner(), variables),
                words.expand(choices.mode(), variables),
                words.expand(choices.checksum(), variables),
                choices.excludes().stream().map(text -> words.expand(text, variables)).toList(),
                choices.parents()));
    try (CopyStep copying = new CopyStep(around, known)) {
      Workshop.Step step = step(withoutSpace(copying.describe()));
      if (!isCached(step)) {
        try (Workshop.Tree tree = around.workshop.tree(image)) {
          copying.writeTo(tree, draft.workingDir());
          image = tree.commit(step);
        }
      }
    }
  }

  /** Variables of a heredoc are replaced, its quotes stay. */
  private static Heredoc expanded(Heredoc text, Map<String, String> variables) {
    return text.expand()
        ? text.containing(ShellWords.ofTexts().expand(text.content(), variables))
        : text;
  }

  private void run(Instruction.Run run) throws InterruptedException {
    List<String> command = containers.command(run, draft.shellOrDefault());
    Map<String, String> given = arguments.valuesBeside(draft.env());
    List<String> told =
        given.entrySet().stream()
            .filter(argument -> arguments.isTold(argument.getKey()))
            .map(argument -> argument.getKey() + "=" + argument.getValue())
            .toList();
    String createdBy = String.join(" ", containers.told(run, command));
    if (!given.isEmpty()) {
      String prefix = "|" + told.size() + " " + String.join(" ", told);
      createdBy = prefix.strip() + " " + createdBy;
    }
    Workshop.Step step = step(createdBy);
    if (isCached(step)) {
      return;
    }
    Digest base = image;
    if (base == null) {
      throw EngineException.invalid(
          "exec: " + GoQuote.quote(command.getFirst()) + ": no such file or directory: unknown");
    }
    List<String> environment = new ArrayList<>(draft.env());
    given.forEach((name, value) -> environment.add(name + "=" + value));
    image =
        containers.run(
            new Workshop.Command(
                base, draft.config(), command, environment, run.network(), containers.scripts(run)),
            step);
  }

  private Workshop.Step step(String createdBy) {
    ImageConfig config = draft.config();
    return new Workshop.Step(image, config, platform, author, createdBy);
  }

  private String withoutSpace(String comment) {
    return String.join(" ", draft.shellOrDefault()) + " #(nop) " + comment;
  }

  /** A step that changes the configuration alone. */
  private void commit(String comment) {
    Workshop.Step step = step(withoutSpace(" " + comment));
    if (!isCached(step)) {
      image = around.workshop.commit(step);
    }
  }

  /** Once a step had to be made, all that follow it are. */
  private boolean isCached(Workshop.Step step) {
    Digest known = cacheHolds ? around.workshop.cached(step) : null;
    cacheHolds = known != null;
    if (known == null) {
      return false;
    }
    around.output.text(" ---> Using cache\n");
    image = known;
    return true;
  }
}
