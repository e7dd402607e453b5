package dev.berth.image;

import dev.berth.image.content.ImageRecord;
import dev.berth.image.content.ImageTables;
import dev.berth.store.ReadTransaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Finds what an earlier build made by the same step: a child that says so in its history. */
final class BuiltImages {
  private final ImageStorage storage;

  BuiltImages(ImageStorage storage) {
    this.storage = storage;
  }

  /** The newest image of the same parent, configuration, platform and instruction. */
  Optional<Digest> find(CommitRequest step) {
    return storage.store().view(transaction -> find(transaction, step));
  }

  private Optional<Digest> find(ReadTransaction transaction, CommitRequest step) {
    Digest below = step.parent();
    String parent = below == null ? null : below.toString();
    String newest = null;
    Instant made = Instant.MIN;
    for (Map.Entry<String, ImageRecord> entry : transaction.all(ImageTables.IMAGES).entrySet()) {
      ImageRecord image = entry.getValue();
      if (!Objects.equals(image.parent(), parent)) {
        continue;
      }
      ImageDocument document = storage.catalogue().document(entry.getKey(), image);
      if (isOf(document, step, parent == null) && !made.isAfter(created(document))) {
        made = created(document);
        newest = entry.getKey();
      }
    }
    return Optional.ofNullable(newest).map(Digest::parse);
  }

  private static boolean isOf(ImageDocument document, CommitRequest step, boolean first) {
    List<ImageDocument.HistoryEntry> history = document.history();
    return !history.isEmpty()
        && (!first || history.size() == 1)
        && history.getLast().createdBy().equals(step.createdBy())
        && document.platform().equals(step.platform())
        && document.config().equals(step.config());
  }

  private static Instant created(ImageDocument document) {
    Instant created = document.created();
    return created == null ? Instant.EPOCH : created;
  }
}
