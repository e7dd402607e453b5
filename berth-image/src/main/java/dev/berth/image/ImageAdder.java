package dev.berth.image;

import dev.berth.image.content.ConfigurationCodec;
import dev.berth.image.content.ImageRecord;
import dev.berth.image.content.ImageTables;
import dev.berth.image.content.LayerSession;
import dev.berth.store.WriteTransaction;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts images, whose layers are staged or here, into the store. */
final class ImageAdder {
  private final ImageStorage storage;
  private final ImageView view;
  private final InstantSource clock;

  ImageAdder(ImageStorage storage, ImageView view, InstantSource clock) {
    this.storage = storage;
    this.view = view;
    this.clock = clock;
  }

  /**
   * An image to add.
   *
   * @param configuration to the byte
   * @param parent made from it here, or null
   * @param manifest pulled with it, or null
   * @param names to give it, with tag or digest each
   */
  record Addition(
      String configuration,
      @Nullable Digest parent,
      @Nullable String manifest,
      List<Reference> names) {

    Digest id() {
      return Digest.of(configuration.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * What was added.
   *
   * @param images as they were when they were added; others may have removed them since
   * @param lost the names that other images lost, with those images' ids
   */
  record Added(List<Image> images, Map<Reference, Digest> lost) {}

  /** Adds images in one transaction. */
  Added add(LayerSession session, List<Addition> additions) {
    Set<Digest> needed = new LinkedHashSet<>();
    for (Addition addition : additions) {
      needed.addAll(ConfigurationCodec.parse(addition.configuration).diffIds());
    }
    return session.commit(needed, transaction -> put(transaction, additions));
  }

  private Added put(WriteTransaction transaction, List<Addition> additions) {
    Map<Reference, Digest> lost = new LinkedHashMap<>();
    for (Addition addition : additions) {
      Digest id = addition.id();
      ImageRecord known =
          transaction.find(ImageTables.IMAGES, id.toString()).orElseGet(() -> record(addition));
      transaction.put(ImageTables.IMAGES, id.toString(), known.withManifest(addition.manifest));
      for (Reference name : addition.names) {
        storage
            .catalogue()
            .byReference(transaction, name)
            .filter(before -> !before.equals(id))
            .ifPresent(before -> lost.put(name, before));
        storage.catalogue().name(transaction, name, id, clock.instant());
      }
    }
    List<Image> images =
        additions.stream().map(addition -> view.image(transaction, addition.id())).toList();
    return new Added(images, lost);
  }

  private static ImageRecord record(Addition addition) {
    List<String> diffIds = new ArrayList<>();
    ConfigurationCodec.parse(addition.configuration)
        .diffIds()
        .forEach(diffId -> diffIds.add(diffId.toString()));
    Digest parent = addition.parent;
    return new ImageRecord(
        addition.configuration,
        diffIds,
        parent == null ? null : parent.toString(),
        addition.manifest,
        null);
  }
}
