package dev.berth.image;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.image.content.ConfigurationCodec;
import dev.berth.image.content.ImageRecord;
import dev.berth.image.content.ImageTables;
import dev.berth.image.content.LayerSession;
import dev.berth.image.content.StagedLayer;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes images here: of an imported tree, or of another image and one more layer. */
final class ImageMaker {
  private final ImageStorage storage;
  private final ImageAdder adder;
  private final ImageEvents events;
  private final InstantSource clock;

  ImageMaker(ImageStorage storage, ImageAdder adder, ImageEvents events, InstantSource clock) {
    this.storage = storage;
    this.adder = adder;
    this.events = events;
    this.clock = clock;
  }

  Image importTree(ImportRequest request, InputStream archive, ProgressSink progress) {
    ImageConfig config = ChangeInstructions.apply(ImageConfig.EMPTY, request.changes());
    Platform platform = request.platform();
    CommitRequest commit =
        new CommitRequest(
            null,
            config,
            platform == null ? Platform.host() : platform,
            "",
            request.message(),
            "",
            request.reference());
    Image image = make(commit, archive);
    progress.status(image.id().toString());
    events.of("import", image.id(), image.config().labels());
    tagged(request.reference(), image);
    return image;
  }

  Image commit(CommitRequest request, @Nullable InputStream layer) {
    Image image = make(request, layer);
    tagged(request.reference(), image);
    return image;
  }

  private void tagged(@Nullable Reference reference, Image image) {
    if (reference != null) {
      String name = reference.withDefaultTag().familiar();
      events.named("tag", image.id().toString(), name, image.config().labels());
    }
  }

  private Image make(CommitRequest request, @Nullable InputStream layer) {
    ImageDocument below = parent(request.parent());
    try (LayerSession session = storage.session()) {
      List<Digest> diffIds = new ArrayList<>();
      for (Digest diffId : below.diffIds()) {
        session.has(diffId);
        diffIds.add(diffId);
      }
      if (layer != null) {
        StagedLayer staged = session.stage(layer);
        diffIds.add(staged.diffId());
      }
      ImageDocument document = document(request, below, diffIds, layer == null);
      Reference reference = request.reference();
      ImageAdder.Addition addition =
          new ImageAdder.Addition(
              ConfigurationCodec.write(document),
              request.parent(),
              null,
              reference == null ? List.of() : List.of(reference.withDefaultTag()));
      return adder.add(session, List.of(addition)).images().getFirst();
    } catch (IOException e) {
      throw new EngineException(
          ErrorKind.INVALID, "Error processing tar file: " + String.valueOf(e.getMessage()), e);
    } catch (LinuxException e) {
      throw EngineException.internal("Error processing tar file: " + e.getMessage(), e);
    }
  }

  private ImageDocument parent(@Nullable Digest id) {
    if (id == null) {
      return new ImageDocument(
          null, "", "", "", Platform.host(), "", ImageConfig.EMPTY, List.of(), List.of());
    }
    ImageRecord record =
        storage
            .store()
            .view(transaction -> transaction.find(ImageTables.IMAGES, id.toString()))
            .orElseThrow(() -> dev.berth.image.content.Catalogue.missing(id.toString()));
    return storage.catalogue().document(id.toString(), record);
  }

  private ImageDocument document(
      CommitRequest request, ImageDocument below, List<Digest> diffIds, boolean emptyLayer) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    List<ImageDocument.HistoryEntry> history = new ArrayList<>(below.history());
    history.add(
        new ImageDocument.HistoryEntry(
            now, request.createdBy(), request.author(), request.comment(), emptyLayer));
    return new ImageDocument(
        now,
        request.author(),
        request.comment(),
        "",
        request.platform(),
        below.osVersion(),
        request.config(),
        diffIds,
        history);
  }
}
