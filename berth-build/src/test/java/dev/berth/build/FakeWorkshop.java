package dev.berth.build;

import dev.berth.core.EngineException;
import dev.berth.image.Digest;
import dev.berth.image.ImageConfig;
import dev.berth.image.Platform;
import dev.berth.image.ProgressSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An engine without files and processes. */
final class FakeWorkshop implements Workshop {
  static final Platform PLATFORM = new Platform("linux", "amd64", null);

  final List<Step> steps = new ArrayList<>();
  final List<Command> commands = new ArrayList<>();
  final List<String> removed = new ArrayList<>();
  final Map<String, Base> images = new HashMap<>();
  private final Map<Step, Digest> made = new HashMap<>();
  int exitCode;

  @Override
  public Path folder() {
    return Path.of("/nonexistent");
  }

  @Override
  public Platform platform() {
    return PLATFORM;
  }

  @Override
  public void checkSignal(String signal) {
    if (!signal.startsWith("SIG")) {
      throw EngineException.invalid("invalid signal: " + signal);
    }
  }

  void image(String name, ImageConfig config) {
    images.put(name, new Base(digest(name), config, PLATFORM));
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public Base image(String name, @Nullable Platform platform, boolean pull, ProgressSink progress) {
    Base found = images.get(name);
    if (found == null) {
      throw EngineException.notFound("No such image: " + name);
    }
    return found;
  }

  @Override
  public @Nullable Digest cached(Step step) {
    return made.get(step);
  }

  @Override
  public Digest commit(Step step) {
    steps.add(step);
    Digest image = digest(step.toString());
    made.put(step, image);
    return image;
  }

  @Override
  public Tree tree(@Nullable Digest image) {
    throw EngineException.notImplemented("no files here");
  }

  @Override
  public StepContainer container(Command command) {
    commands.add(command);
    return new StepContainer() {
      @Override
      public String id() {
        return "0123456789abcdef";
      }

      @Override
      public List<String> warnings() {
        return List.of();
      }

      @Override
      public int run(BuildOutput output) {
        output.text("hello\n");
        return exitCode;
      }

      @Override
      public Digest commit(Step step) {
        return FakeWorkshop.this.commit(step);
      }

      @Override
      public void remove() {
        removed.add(id());
      }

      @Override
      public void keep() {}
    };
  }
}
