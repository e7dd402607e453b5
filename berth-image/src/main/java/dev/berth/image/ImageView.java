package dev.berth.image;

import dev.berth.image.content.Catalogue;
import dev.berth.image.content.ImageRecord;
import dev.berth.image.content.ImageTables;
import dev.berth.image.content.Json;
import dev.berth.image.content.LayerRecord;
import dev.berth.image.content.ManifestCodec;
import dev.berth.store.ReadTransaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /** The manifest of an image; see {@link ImageManifest}. */
  static ImageManifest manifest(ReadTransaction transaction, Digest id) {
    ImageRecord image =
        transaction
            .find(ImageTables.IMAGES, id.toString())
            .orElseThrow(() -> Catalogue.missing(id.toString()));
    Map<Digest, Long> tarBytes = new HashMap<>();
    long content = image.configuration().getBytes(StandardCharsets.UTF_8).length;
    for (String diffId : Set.copyOf(image.diffIds())) {
      Optional<LayerRecord> layer = transaction.find(ImageTables.LAYERS, diffId);
      tarBytes.put(Digest.parse(diffId), layer.map(LayerRecord::tarBytes).orElse(0L));
      content += layer.map(LayerRecord::blobBytes).orElse(0L);
    }
    String pulled = image.manifest();
    byte[] bytes =
        pulled == null
            ? ImageSaver.manifest(id, image, tarBytes)
            : pulled.getBytes(StandardCharsets.UTF_8);
    String mediaType =
        pulled == null
            ? MediaTypes.OCI_MANIFEST
            : ManifestCodec.mediaType(Json.parse(pulled, "manifest"), null);
    return new ImageManifest(
        new Descriptor(mediaType, Digest.of(bytes), bytes.length), content + bytes.length);
  }

  private Image.GraphDriver graphDriver(ReadTransaction transaction, List<Digest> diffIds) {
    List<LayerRecord> highestFirst = new ArrayList<>();
    for (Digest diffId : diffIds.reversed()) {
      transaction.find(ImageTables.LAYERS, diffId.toString()).ifPresent(highestFirst::add);
    }
    String driver = storage.driverName();
    if (!driver.equals("overlay2") || highestFirst.isEmpty()) {
      return new Image.GraphDriver(driver, Map.of());
    }
    return new Image.GraphDriver(driver, overlayData(highestFirst));
  }

  /** In the words of overlay2, whose layers all drivers share. */
  private Map<String, String> overlayData(List<LayerRecord> highestFirst) {
    List<String> files =
        highestFirst.stream().map(layer -> storage.layers().files(layer).toString()).toList();
    Path top = storage.layers().directory(highestFirst.getFirst().directory());
    Map<String, String> data = new LinkedHashMap<>();
    if (files.size() > 1) {
      data.put("LowerDir", String.join(":", files.subList(1, files.size())));
    }
    data.put("MergedDir", top.resolve("merged").toString());
    data.put("UpperDir", files.getFirst());
    data.put("WorkDir", top.resolve("work").toString());
    return data;
  }
}
