package dev.berth.image;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.archive.TarEntry;
import dev.berth.archive.TarWriter;
import dev.berth.core.EngineException;
import dev.berth.image.content.ImageRecord;
import dev.berth.image.content.ImageTables;
import dev.berth.image.content.Json;
import dev.berth.image.content.LayerRecord;
import dev.berth.image.content.LayerSession;
import dev.berth.image.content.Layers;
import dev.berth.image.content.ManifestCodec;
import dev.berth.store.ReadTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes images as an archive that older Docker engines read by {@code manifest.json} and OCI tools
 * as a layout. Layers go out uncompressed, so that they are named by their diff ids, and are pinned
 * while that lasts. The same images give the same bytes.
 */
final class ImageSaver {
  private static final Instant TIME = Instant.EPOCH;
  private static final int BUFFER = 128 * 1024;

  private final ImageStorage storage;
  private final ImageEvents events;

  ImageSaver(ImageStorage storage, ImageEvents events) {
    this.storage = storage;
    this.events = events;
  }

  private record Selected(Digest id, ImageRecord image, Set<Reference> names) {
    List<Digest> diffIds() {
      return image.diffIds().stream().map(Digest::parse).toList();
    }
  }

  void save(List<String> names, @Nullable Platform platform, OutputStream archive) {
    List<Selected> selected =
        storage.store().view(transaction -> List.copyOf(select(transaction, names).values()));
    selected.forEach(image -> requirePlatform(image, platform));
    try (LayerSession session = storage.session();
        TarWriter tar = new TarWriter(archive)) {
      Map<Digest, LayerRecord> layers = pin(session, selected);
      write(tar, selected, layers);
    } catch (IOException e) {
      throw EngineException.internal("saving images: " + e.getMessage(), e);
    }
    for (Selected image : selected) {
      events.of(
          "save",
          image.id,
          storage.catalogue().document(image.id.toString(), image.image).config().labels());
    }
  }

  private void requirePlatform(Selected image, @Nullable Platform platform) {
    if (platform != null && platform(image).distanceFrom(platform) < 0) {
      throw EngineException.notFound("no suitable export target found for platform " + platform);
    }
  }

  private Platform platform(Selected image) {
    return storage.catalogue().document(image.id.toString(), image.image).platform();
  }

  private Map<Digest, Selected> select(ReadTransaction transaction, List<String> names) {
    Map<Digest, Selected> selected = new LinkedHashMap<>();
    for (String name : names) {
      Digest id = storage.catalogue().find(transaction, name);
      boolean byName =
          !Reference.isIdentifier(name) && !dev.berth.image.content.Catalogue.isIdPrefix(id, name);
      Reference reference = byName ? Reference.parse(name) : null;
      if (reference != null && reference.isNameOnly()) {
        addAllTags(transaction, reference, selected);
      }
      Selected image = add(transaction, id, selected);
      if (reference != null && reference.digest() == null) {
        image.names.add(reference.withDefaultTag());
      }
    }
    return selected;
  }

  private void addAllTags(
      ReadTransaction transaction, Reference repository, Map<Digest, Selected> selected) {
    transaction
        .all(ImageTables.REFERENCES)
        .forEach((key, record) -> {
          Reference other = Reference.parse(key);
          if (other.tag() != null && other.name().equals(repository.name())) {
            add(transaction, Digest.parse(record.image()), selected).names.add(other);
          }
        });
  }

  private static Selected add(
      ReadTransaction transaction, Digest id, Map<Digest, Selected> selected) {
    return selected.computeIfAbsent(
        id,
        wanted ->
            new Selected(
                wanted,
                transaction.find(ImageTables.IMAGES, wanted.toString()).orElseThrow(),
                new LinkedHashSet<>()));
  }

  private static Map<Digest, LayerRecord> pin(LayerSession session, List<Selected> selected) {
    Map<Digest, LayerRecord> layers = new LinkedHashMap<>();
    for (Selected image : selected) {
      for (Digest diffId : image.diffIds()) {
        layers.computeIfAbsent(
            diffId,
            wanted ->
                session
                    .reuse(wanted)
                    .orElseThrow(
                        () -> EngineException.internal("layer does not exist: " + wanted, null)));
      }
    }
    return layers;
  }

  private void write(TarWriter tar, List<Selected> selected, Map<Digest, LayerRecord> layers)
      throws IOException {
    tar.directory("blobs/", TIME);
    tar.directory("blobs/sha256/", TIME);
    Map<Digest, Long> sizes = new LinkedHashMap<>();
    for (Map.Entry<Digest, LayerRecord> layer : layers.entrySet()) {
      sizes.put(layer.getKey(), layer(tar, layer.getKey(), layer.getValue()));
    }
    Set<Digest> written = new HashSet<>();
    ArrayNode dockerManifest = (ArrayNode) Json.parse("[]", "manifest");
    List<Descriptor> index = new ArrayList<>();
    for (Selected image : selected) {
      byte[] configuration = image.image.configuration().getBytes(StandardCharsets.UTF_8);
      blob(tar, written, image.id, configuration);
      byte[] manifest = manifest(image.id, image.image, sizes);
      Digest digest = Digest.of(manifest);
      blob(tar, written, digest, manifest);
      index.addAll(indexEntries(image, digest, manifest.length));
      dockerManifest.add(dockerEntry(image));
    }
    byte[] indexBytes = bytes(ManifestCodec.writeIndex(MediaTypes.OCI_INDEX, index));
    tar.file("index.json", indexBytes, TIME);
    tar.file("manifest.json", bytes(Json.write(dockerManifest)), TIME);
    tar.file("oci-layout", bytes("{\"imageLayoutVersion\":\"1.0.0\"}"), TIME);
  }

  private long layer(TarWriter tar, Digest diffId, LayerRecord layer) throws IOException {
    Layers layers = storage.layers();
    long size = layer.tarBytes();
    tar.begin(TarWriter.simple(TarEntry.Kind.FILE, blobPath(diffId), 0644, size, TIME));
    try (InputStream content = layers.openTar(layer)) {
      byte[] buffer = new byte[BUFFER];
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        tar.write(buffer, 0, count);
      }
    }
    return size;
  }

  private static void blob(TarWriter tar, Set<Digest> written, Digest digest, byte[] content)
      throws IOException {
    if (written.add(digest)) {
      tar.file(blobPath(digest), content, TIME);
    }
  }

  /**
   * The manifest that an image is saved with.
   *
   * @param tarBytes the length of each layer's archive, by diff id
   */
  static byte[] manifest(Digest id, ImageRecord image, Map<Digest, Long> tarBytes) {
    List<Descriptor> layers = new ArrayList<>();
    for (String name : image.diffIds()) {
      Digest diffId = Digest.parse(name);
      layers.add(new Descriptor(MediaTypes.OCI_LAYER, diffId, tarBytes.getOrDefault(diffId, 0L)));
    }
    long configBytes = bytes(image.configuration()).length;
    Descriptor config = new Descriptor(MediaTypes.OCI_CONFIG, id, configBytes);
    return bytes(ManifestCodec.write(new Manifest(MediaTypes.OCI_MANIFEST, config, layers)));
  }

  private List<Descriptor> indexEntries(Selected image, Digest manifest, long size) {
    Platform platform = platform(image);
    List<Descriptor> entries = new ArrayList<>();
    for (Reference name : image.names) {
      Map<String, String> annotations =
          Map.of(
              "io.containerd.image.name",
              name.toString(),
              "org.opencontainers.image.ref.name",
              String.valueOf(name.tag()));
      entries.add(new Descriptor(MediaTypes.OCI_MANIFEST, manifest, size, platform, annotations));
    }
    if (entries.isEmpty()) {
      entries.add(new Descriptor(MediaTypes.OCI_MANIFEST, manifest, size, platform, Map.of()));
    }
    return entries;
  }

  private static ObjectNode dockerEntry(Selected image) {
    ObjectNode entry = Json.object();
    entry.put("Config", blobPath(image.id));
    if (image.names.isEmpty()) {
      entry.putNull("RepoTags");
    } else {
      ArrayNode tags = entry.putArray("RepoTags");
      image.names.forEach(name -> tags.add(name.familiar()));
    }
    ArrayNode layers = entry.putArray("Layers");
    image.diffIds().forEach(diffId -> layers.add(blobPath(diffId)));
    return entry;
  }

  private static String blobPath(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
