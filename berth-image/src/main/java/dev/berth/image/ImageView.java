package dev.berth.image;

import dev.berth.image.content.Catalogue;
import dev.berth.image.content.ImageRecord;
import dev.berth.image.content.ImageTables;
import dev.berth.image.content.LayerRecord;
import dev.berth.store.ReadTransaction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Builds {@link Image}s from the records of one transaction. */
final class ImageView {
  private final ImageStorage storage;

  ImageView(ImageStorage storage) {
    this.storage = storage;
  }

  Image image(ReadTransaction transaction, Digest id) {
    return image(transaction, id, storage.catalogue().references(transaction, id));
  }

  Image image(ReadTransaction transaction, Digest id, List<Reference> references) {
    ImageRecord record =
        transaction
            .find(ImageTables.IMAGES, id.toString())
            .orElseThrow(() -> Catalogue.missing(id.toString()));
    ImageDocument document = storage.catalogue().document(id.toString(), record);
    List<String> tags = new ArrayList<>();
    List<String> digests = new ArrayList<>();
    for (Reference reference : references) {
      (reference.tag() != null ? tags : digests).add(reference.familiar());
    }
    Collections.sort(tags);
    Collections.sort(digests);
    String parent = record.parent();
    return new Image(
        id,
        document,
        tags,
        digests,
        parent == null ? null : Digest.parse(parent),
        Catalogue.size(transaction, document.diffIds()),
        record.lastTagTime(),
        graphDriver(transaction, document.diffIds()));
  }

  private Image.GraphDriver graphDriver(ReadTransaction transaction, List<Digest> diffIds) {
    List<LayerRecord> highestFirst = new ArrayList<>();
    for (Digest diffId : diffIds.reversed()) {
      transaction.find(ImageTables.LAYERS, diffId.toString()).ifPresent(highestFirst::add);
    }
    StorageDriver driver = storage.driver();
    if (highestFirst.isEmpty()) {
      return new Image.GraphDriver(driver.name(), java.util.Map.of());
    }
    LayerRecord top = highestFirst.removeFirst();
    return new Image.GraphDriver(
        driver.name(), driver.data(storage.stack(top.directory(), highestFirst)));
  }
}
