package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.image.ChangeInstructions;
import dev.berth.image.CommitRequest;
import dev.berth.image.Digest;
import dev.berth.image.Image;
import dev.berth.image.ImageConfig;
import dev.berth.image.Images;
import dev.berth.image.Reference;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes images of containers: {@code docker commit}. Safe for use by any thread. */
public final class ContainerCommits {
  private final Features features;
  private final ContainerTable table;
  private final Containers containers;
  private final Images images;
  private final ContainerEvents events;

  ContainerCommits(
      Features features,
      ContainerTable table,
      Containers containers,
      Images images,
      ContainerEvents events) {
    this.features = features;
    this.table = table;
    this.containers = containers;
    this.images = images;
    this.events = events;
  }

  /**
   * Makes an image of what a container changed upon its own image. Nothing is left of it when it
   * fails.
   *
   * @param reference the container's name or id
   * @return the new image
   * @throws EngineException CONFLICT for a container that is being removed, INVALID for a change
   *     that is no instruction
   */
  public Image commit(String reference, CommitSpec spec) {
    LiveContainer container = table.require(reference);
    requirePresent(container);
    ContainerConfig own = container.spec().config();
    ContainerConfig wished = spec.config() == null ? own : spec.config();
    ImageConfig changed = ChangeInstructions.apply(CommittedConfig.of(wished), spec.changes());
    ImageConfig config = CommittedConfig.merge(changed, CommittedConfig.of(own));
    Image image = frozen(container, spec.pause(), () -> make(container, spec, config));
    Reference name = spec.reference();
    events.tell(
        container,
        "commit",
        Map.of(
            "comment",
            spec.comment(),
            "imageID",
            image.id().toString(),
            "imageRef",
            name == null ? "" : name.withDefaultTag().familiar()));
    return image;
  }

  private static void requirePresent(LiveContainer container) {
    switch (container.state()) {
      case ContainerState.Dead dead ->
          throw EngineException.conflict(
              "You cannot commit container " + container.id() + " which is Dead");
      case ContainerState.Removing removing ->
          throw EngineException.conflict(
              "You cannot commit container " + container.id() + " which is being removed");
      default -> {}
    }
  }

  /** A container that cannot be frozen, because it does not run, is not changed by anyone. */
  private Image frozen(LiveContainer container, boolean pause, Supplier<Image> making) {
    boolean froze =
        pause && container.state() instanceof ContainerState.Running && freeze(container);
    try {
      return making.get();
    } finally {
      if (froze) {
        thaw(container);
      }
    }
  }

  private boolean freeze(LiveContainer container) {
    try {
      containers.pause(container.id());
      return true;
    } catch (EngineException ended) {
      Quietly.note("commit goes on without a pause", ended);
      return false;
    }
  }

  private void thaw(LiveContainer container) {
    try {
      containers.unpause(container.id());
    } catch (EngineException ended) {
      Quietly.note("the container ended or was thawed during its commit", ended);
    }
  }

  private Image make(LiveContainer container, CommitSpec spec, ImageConfig config) {
    Image below = features.images().apply(container.definition().imageId());
    List<String> command = container.spec().config().command().arguments();
    CommitRequest request =
        new CommitRequest(
            Digest.parse(container.definition().imageId()),
            config,
            below.document().platform(),
            spec.author(),
            spec.comment(),
            command == null ? "" : String.join(" ", command),
            spec.reference());
    try (LayerPipe layer =
        LayerPipe.open(out -> {
          features.roots().exportChanges(container.id(), out);
          // Of a container that was removed meanwhile, the layer lacks what was deleted first.
          requirePresent(table.require(container.id()));
        })) {
      return images.commit(request, layer);
    } catch (IOException failure) {
      throw EngineException.internal("commit " + container.id(), failure);
    }
  }
}
