package dev.berth.image;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.image.content.ImageTables;
import dev.berth.store.ReadTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Removes the images that nothing uses. */
final class ImagePruner {
  private final ImageStorage storage;
  private final ImageView view;
  private final ImageRemover remover;
  private final ImageEvents events;

  ImagePruner(ImageStorage storage, ImageView view, ImageRemover remover, ImageEvents events) {
    this.storage = storage;
    this.view = view;
    this.remover = remover;
    this.events = events;
  }

  PruneReport prune(ImageFilters filters) {
    boolean onlyDangling = filters.dangling().orElse(true);
    List<Image> candidates =
        storage.store().view(transaction -> candidates(transaction, filters, onlyDangling));
    List<ImageRemoval> removals = new ArrayList<>();
    for (Image image : candidates) {
      removals.addAll(removeAll(image, onlyDangling));
    }
    long reclaimed = 0;
    for (ImageRemoval removal : removals) {
      if (removal instanceof ImageRemoval.Deleted deleted) {
        reclaimed += deleted.freedBytes();
      }
    }
    events.pruned(reclaimed);
    return new PruneReport(removals, reclaimed);
  }

  private List<Image> candidates(
      ReadTransaction transaction, ImageFilters filters, boolean onlyDangling) {
    List<Image> candidates = new ArrayList<>();
    for (String key : transaction.all(ImageTables.IMAGES).keySet()) {
      Digest id = Digest.parse(key);
      boolean hasChildren = !storage.catalogue().children(transaction, id).isEmpty();
      List<Reference> references = storage.catalogue().references(transaction, id);
      boolean excluded = hasChildren && (onlyDangling || references.isEmpty());
      if (!excluded) {
        Image image = view.image(transaction, id, references);
        if (isOldEnough(image, filters) && ImageListing.labelFilter(filters).test(image)) {
          candidates.add(image);
        }
      }
    }
    return candidates;
  }

  private static boolean isOldEnough(Image image, ImageFilters filters) {
    Instant until = filters.until();
    Instant created = image.document().created();
    return until == null || (created != null && !created.isAfter(until));
  }

  private List<ImageRemoval> removeAll(Image image, boolean onlyDangling) {
    if (onlyDangling && !image.repoTags().isEmpty()) {
      return List.of();
    }
    List<String> names = new ArrayList<>(image.repoTags());
    names.addAll(image.repoDigests());
    if (names.isEmpty()) {
      names.add(image.id().hex());
    }
    List<ImageRemoval> removals = new ArrayList<>();
    for (String name : names) {
      try {
        removals.addAll(remover.remove(name, false, true));
      } catch (EngineException e) {
        // In use, or gone with the name before it: both are what a prune passes over.
        if (e.kind() != ErrorKind.CONFLICT && e.kind() != ErrorKind.NOT_FOUND) {
          throw e;
        }
      }
    }
    return removals;
  }
}
