package dev.berth.engine;

import dev.berth.build.Workshop;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.engine.Builds.BuildParts;
import dev.berth.image.CommitRequest;
import dev.berth.image.Digest;
import dev.berth.image.Image;
import dev.berth.image.Platform;
import dev.berth.image.ProgressSink;
import dev.berth.image.PullRequest;
import dev.berth.image.Reference;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What one build needs of this engine: its images, its containers and their roots. */
final class EngineWorkshop implements Workshop {
  private final BuildParts parts;
  private final BuildOrder order;
  private final Path folder;

  EngineWorkshop(BuildParts parts, BuildOrder order, Path folder) {
    this.parts = parts;
    this.order = order;
    this.folder = folder;
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public Platform platform() {
    return Platform.host();
  }

  @Override
  public void checkSignal(String signal) {
    int _ = Signals.parse(signal);
  }

  @Override
  public Base image(String name, @Nullable Platform platform, boolean pull, ProgressSink progress) {
    Image here = pull && !Reference.isIdentifier(name) ? null : find(name, platform);
    if (here == null) {
      Reference reference = Reference.parse(name).withDefaultTag();
      parts
          .images()
          .pull(
              new PullRequest(reference, platform, order.credentials().apply(reference)), progress);
      here = parts.images().find(reference.toString());
      requirePlatform(here, name, platform);
    }
    return new Base(here.id(), here.config(), here.document().platform());
  }

  private @Nullable Image find(String name, @Nullable Platform platform) {
    try {
      Image found = parts.images().find(name);
      boolean fits = platform == null || found.document().platform().distanceFrom(platform) >= 0;
      return fits ? found : null;
    } catch (EngineException failure) {
      if (failure.kind() == ErrorKind.NOT_FOUND && !Reference.isIdentifier(name)) {
        return null;
      }
      throw failure;
    }
  }

  private static void requirePlatform(Image image, String name, @Nullable Platform platform) {
    Platform own = image.document().platform();
    if (platform != null && own.distanceFrom(platform) < 0) {
      throw EngineException.notFound(
          "image with reference "
              + name
              + " was found but does not provide the specified platform ("
              + platform
              + ")");
    }
  }

  static CommitRequest request(Step step) {
    return new CommitRequest(
        step.parent(), step.config(), step.platform(), step.author(), "", step.createdBy(), null);
  }

  @Override
  public @Nullable Digest cached(Step step) {
    return parts.images().builtBy(request(step)).orElse(null);
  }

  @Override
  public Digest commit(Step step) {
    return parts.images().commit(request(step), null).id();
  }

  /** Makes the image of what was written into a root; of one that is as it was, no layer. */
  static Digest commit(BuildParts parts, String rootId, Step step) {
    Roots roots = parts.features().roots();
    if (roots.changes(rootId).isEmpty()) {
      return parts.images().commit(request(step), null).id();
    }
    try (LayerPipe layer = LayerPipe.open(out -> roots.exportChanges(rootId, out))) {
      return parts.images().commit(request(step), layer).id();
    } catch (IOException failure) {
      throw EngineException.internal("commit " + rootId, failure);
    }
  }

  @Override
  public Tree tree(@Nullable Digest image) {
    return BuildTree.open(parts, image);
  }

  @Override
  public StepContainer container(Command command) {
    return BuildContainer.create(parts, order.host(), command);
  }
}
