package dev.berth.build;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.image.Digest;
import dev.berth.image.ImageConfig;
import dev.berth.image.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Carries a Dockerfile out, in the words of Docker's classic builder, which scripts and libraries
 * read. One instance serves one build, on one thread.
 */
public final class Builder {
  private final BuildRequest request;
  private final Workshop workshop;
  private final BuildOutput output;
  private final List<Workshop.Base> stages = new ArrayList<>();
  private final Map<String, Workshop.Base> namedStages = new HashMap<>();
  private final BuildArguments arguments;
  private int step;
  private int steps;

  /**
   * @param request what the client asks
   * @param workshop does what needs the engine
   * @param output is told of each step
   */
  public Builder(BuildRequest request, Workshop workshop, BuildOutput output) {
    this.request = request;
    this.workshop = workshop;
    this.output = output;
    this.arguments = BuildArguments.of(request.arguments());
  }

  /**
   * Builds.
   *
   * @param context what the client sent, or what was fetched
   * @return the image
   * @throws EngineException of kind INVALID for a Dockerfile that cannot be understood, before
   *     anything is told; else for a step that fails
   * @throws FailedCommandException when a RUN instruction's process fails
   * @throws InterruptedException when the build is to stop
   */
  public Digest build(BuildContext context) throws InterruptedException {
    Dockerfile dockerfile = Dockerfile.parse(context.dockerfileName(), context.dockerfile());
    List<Dockerfile.Stage> wanted = dockerfile.stagesUpTo(request.target());
    dockerfile.warnings().forEach(warning -> output.error("[WARNING]: " + warning + "\n"));
    if (!dockerfile.warnings().isEmpty()) {
      output.error("[WARNING]: Empty continuation lines will become errors in a future release.\n");
    }
    List<Instruction> labels = labels();
    steps = dockerfile.arguments().size() + wanted.size() + labels.size();
    wanted.forEach(stage -> steps += stage.instructions().size());
    ShellWords words = ShellWords.of(dockerfile.escape());
    addPlatforms();
    dockerfile.arguments().forEach(arg -> global(arg, words));
    Workshop.Base built = null;
    for (Dockerfile.Stage stage : wanted) {
      List<Instruction> instructions = new ArrayList<>(stage.instructions());
      if (stages.size() == wanted.size() - 1) {
        instructions.addAll(labels);
      }
      built = stage(stage.from(), instructions, context, words);
    }
    List<String> unused = arguments.unused();
    if (!unused.isEmpty()) {
      output.text(
          "[Warning] One or more build-args ["
              + String.join(" ", unused)
              + "] were not consumed\n");
    }
    Digest image = built == null ? null : built.id();
    if (image == null) {
      throw EngineException.invalid("No image was generated. Is your Dockerfile empty?");
    }
    return image;
  }

  private List<Instruction> labels() {
    List<Instruction> labels = new ArrayList<>();
    new TreeMap<>(request.labels())
        .forEach((name, value) -> {
          Instruction.Pair pair = new Instruction.Pair(name, value);
          labels.add(new Instruction.Label("LABEL " + pair, List.of(pair), true));
        });
    return labels;
  }

  /** The names by which Dockerfiles ask what they are built for and on. */
  private void addPlatforms() {
    Platform own = workshop.platform();
    Platform target = request.platform() == null ? own : request.platform();
    tellPlatform("BUILD", own);
    tellPlatform("TARGET", target);
  }

  private void tellPlatform(String prefix, Platform platform) {
    String variant = platform.variant();
    arguments.addGlobal(prefix + "PLATFORM", platform.toString());
    arguments.addGlobal(prefix + "OS", platform.os());
    arguments.addGlobal(prefix + "ARCH", platform.architecture());
    arguments.addGlobal(prefix + "VARIANT", variant == null ? "" : variant);
  }

  private void global(Instruction.Arg arg, ShellWords words) {
    tellStep(arg.text());
    for (Instruction.Argument argument : arg.arguments()) {
      String value = argument.value();
      Map<String, String> known = arguments.globalValues();
      arguments.addGlobal(
          words.expand(argument.name(), known), value == null ? null : words.expand(value, known));
    }
  }

  private void tellStep(String text) {
    step++;
    output.text("Step " + step + "/" + steps + " : " + text + "\n");
  }

  private Workshop.Base stage(
      Instruction.From from, List<Instruction> instructions, BuildContext context, ShellWords words)
      throws InterruptedException {
    if (!from.name().isEmpty() && namedStages.containsKey(from.name())) {
      throw EngineException.invalid(from.name() + " stage name already used");
    }
    tellStep(from.text());
    Map<String, String> known = arguments.globalValues();
    String name = words.expand(from.base(), known);
    if (name.isEmpty()) {
      throw EngineException.invalid("base name (" + from.base() + ") should not be blank");
    }
    String platform = words.expand(from.platform(), known);
    Workshop.Base base =
        base(name, platform.isEmpty() ? request.platform() : Platform.parse(platform));
    StageRun run =
        new StageRun(
            new StageRun.Surroundings(request, workshop, output, this, context),
            arguments.ofStage(),
            words,
            base);
    run.begin();
    run.tellImage();
    for (Instruction instruction : instructions) {
      if (Thread.interrupted()) {
        throw new InterruptedException("build cancelled");
      }
      tellStep(instruction.text());
      run.carryOut(instruction);
      run.tellImage();
    }
    Workshop.Base built = run.built();
    if (built.id() != null) {
      output.image(built.id());
    }
    stages.add(built);
    if (!from.name().isEmpty()) {
      namedStages.put(from.name(), built);
    }
    return built;
  }

  private Workshop.Base base(String name, @Nullable Platform platform) {
    Workshop.Base stage = namedStages.get(name.toLowerCase(Locale.ROOT));
    if (stage != null) {
      return stage;
    }
    if (name.equals("scratch")) {
      return new Workshop.Base(
          null, ImageConfig.EMPTY, platform == null ? workshop.platform() : platform);
    }
    return workshop.image(name, platform, request.pull(), output.progress());
  }

  /** What {@code --from} names: a stage, its number, or an image. */
  Workshop.Base source(String name) {
    Workshop.Base stage = namedStages.get(name.toLowerCase(Locale.ROOT));
    if (stage != null) {
      return stage;
    }
    if (name.matches("-?\\d{1,9}")) {
      int number = Integer.parseInt(name);
      if (number >= 0 && number < stages.size()) {
        return stages.get(number);
      }
      boolean current = number == stages.size();
      throw EngineException.invalid(
          "invalid from flag value "
              + name
              + ": "
              + (current ? "refers to current build stage" : "index out of bounds"));
    }
    try {
      return workshop.image(name, request.platform(), request.pull(), output.progress());
    } catch (EngineException failure) {
      throw new EngineException(
          failure.kind(), "invalid from flag value " + name + ": " + failure.text(), failure);
    }
  }

  static String shortId(Digest image) {
    return Ids.shortId(image.hex());
  }
}
