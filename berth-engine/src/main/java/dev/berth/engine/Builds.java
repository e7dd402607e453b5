package dev.berth.engine;

import dev.berth.archive.Trees;
import dev.berth.build.BuildContext;
import dev.berth.build.BuildOutput;
import dev.berth.build.Builder;
import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.image.Digest;
import dev.berth.image.Images;
import dev.berth.image.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Builds images from Dockerfiles. Safe for use by any thread. */
public final class Builds {
  private final BuildParts parts;
  private final Map<String, Thread> running = new ConcurrentHashMap<>();

  /**
   * What builds are made of.
   *
   * @param features of the engine
   * @param table of containers
   * @param containers makes and removes them
   * @param attachments their output
   * @param images all images
   */
  record BuildParts(
      Features features,
      ContainerTable table,
      Containers containers,
      Attachments attachments,
      Images images) {}

  Builds(BuildParts parts) {
    this.parts = parts;
  }

  /** Removes the files of builds that ended with an earlier engine. */
  void start() {
    if (Files.exists(folder())) {
      Quietly.run("remove the files of builds", () -> Trees.delete(folder()));
    }
  }

  private Path folder() {
    return parts.features().settings().dataRoot().resolve("builds");
  }

  /**
   * Builds an image on the calling thread; when that is interrupted, the build stops. Whole steps
   * stay as images, for the next build; nothing else does.
   *
   * @param sent the client's files
   * @return the image
   * @throws EngineException as {@link Builder#build}
   * @throws dev.berth.build.FailedCommandException when a RUN instruction's process fails
   */
  public Digest build(BuildOrder order, InputStream sent, BuildOutput output)
      throws InterruptedException {
    Path own = makeFolder();
    if (!order.id().isEmpty()) {
      running.put(order.id(), Thread.currentThread());
    }
    EngineWorkshop workshop = new EngineWorkshop(parts, order, own);
    try (BuildContext context = BuildContext.open(order.request(), own, sent, output)) {
      Digest image = new Builder(order.request(), workshop, output).build(context);
      output.text("Successfully built " + Ids.shortId(image.hex()) + "\n");
      for (Reference name : new LinkedHashSet<>(order.request().names())) {
        Reference whole = name.withDefaultTag();
        parts.images().tag(image.toString(), whole.name(), String.valueOf(whole.tag()));
        output.text("Successfully tagged " + whole.familiar() + "\n");
      }
      return image;
    } finally {
      if (!order.id().isEmpty()) {
        running.remove(order.id(), Thread.currentThread());
      }
      Quietly.run("remove the files of a build", () -> Trees.delete(own));
    }
  }

  private Path makeFolder() {
    Path own = folder().resolve(parts.features().surroundings().ids().next());
    try {
      Files.createDirectories(
          own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return own;
    } catch (IOException failure) {
      throw EngineException.internal("the build's folder cannot be made", failure);
    }
  }

  /** Stops the build of an id, if one runs. */
  public void cancel(String id) {
    Thread builder = running.get(id);
    if (builder != null) {
      builder.interrupt();
    }
  }
}
