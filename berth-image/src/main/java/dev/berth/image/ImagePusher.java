package dev.berth.image;

import dev.berth.archive.Compression;
import dev.berth.core.EngineException;
import dev.berth.image.content.Catalogue;
import dev.berth.image.content.ImageRecord;
import dev.berth.image.content.ImageTables;
import dev.berth.image.content.Json;
import dev.berth.image.content.LayerRecord;
import dev.berth.image.content.LayerSession;
import dev.berth.image.content.ManifestCodec;
import dev.berth.image.content.ReferenceRecord;
import dev.berth.image.registry.RegistryClient;
import dev.berth.image.registry.RegistryErrors;
import dev.berth.image.registry.RegistryException;
import dev.berth.store.ReadTransaction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Takes images to registries. What the registry has, or can mount from a repository that it has, is
 * not sent. An image that was pulled keeps its manifest, and with it its digest, as long as its
 * layers are kept as they were pulled.
 */
final class ImagePusher {
  private static final int MOST_MOUNT_ATTEMPTS = 4;

  private final ImageStorage storage;
  private final ImageEvents events;
  private final Supplier<RegistrySettings> settings;

  ImagePusher(ImageStorage storage, ImageEvents events, Supplier<RegistrySettings> settings) {
    this.storage = storage;
    this.events = events;
    this.settings = settings;
  }

  void push(PushRequest request, ProgressSink sink) {
    ProgressSink progress = new SerializedProgress(sink);
    Reference reference = request.reference();
    Map<Reference, Digest> images =
        storage.store().view(transaction -> selected(transaction, reference));
    images.values().forEach(id -> requirePlatform(id, request));
    progress.status("The push refers to repository [" + reference.name() + "]");
    try (RegistryClient client =
        new RegistryClient(reference, request.credentials(), settings.get(), true)) {
      client.connect();
      for (Map.Entry<Reference, Digest> image : images.entrySet()) {
        new Push(client, image.getKey(), image.getValue(), progress).run();
      }
    } catch (UncheckedIOException e) {
      throw RegistryErrors.push(new IOException(e.getMessage(), e));
    } catch (IOException e) {
      throw RegistryErrors.push(e);
    }
    events.named("push", reference.familiar(), reference.familiarName(), Map.of());
  }

  private void requirePlatform(Digest id, PushRequest request) {
    Platform wanted = request.platform();
    if (wanted == null) {
      return;
    }
    Platform own =
        storage
            .store()
            .view(transaction -> transaction.find(ImageTables.IMAGES, id.toString()))
            .map(image -> storage.catalogue().document(id.toString(), image).platform())
            .orElseThrow(() -> Catalogue.missing(request.reference().familiar()));
    if (own.distanceFrom(wanted) < 0) {
      throw Images.otherPlatform(request.reference().familiar(), own, wanted);
    }
  }

  private Map<Reference, Digest> selected(ReadTransaction transaction, Reference reference) {
    Map<Reference, Digest> ofRepository = new LinkedHashMap<>();
    transaction
        .all(ImageTables.REFERENCES)
        .forEach((key, record) -> {
          Reference other = Reference.parse(key);
          if (other.tag() != null && other.name().equals(reference.name())) {
            ofRepository.put(other, Digest.parse(record.image()));
          }
        });
    if (ofRepository.isEmpty()) {
      throw EngineException.notFound(
          "An image does not exist locally with the tag: " + reference.familiarName());
    }
    if (reference.isNameOnly()) {
      return ofRepository;
    }
    Digest id = ofRepository.get(reference);
    if (id == null) {
      throw EngineException.notFound("tag does not exist: " + reference.familiar());
    }
    return Map.of(reference, id);
  }

  /** One image on its way. */
  private final class Push {
    private final RegistryClient client;
    private final Reference reference;
    private final Digest id;
    private final ProgressSink progress;

    Push(RegistryClient client, Reference reference, Digest id, ProgressSink progress) {
      this.client = client;
      this.reference = reference;
      this.id = id;
      this.progress = progress;
    }

    void run() throws IOException {
      ImageRecord image =
          storage
              .store()
              .view(transaction -> transaction.find(ImageTables.IMAGES, id.toString()))
              .orElseThrow(() -> Catalogue.missing(reference.familiar()));
      byte[] configuration = image.configuration().getBytes(StandardCharsets.UTF_8);
      try (LayerSession session = storage.session()) {
        Map<Digest, LayerRecord> layers = sendLayers(session, image);
        if (!client.hasBlob(id)) {
          send(id, configuration.length, () -> new java.io.ByteArrayInputStream(configuration));
        }
        finish(image, configuration.length, layers);
      }
    }

    private void finish(ImageRecord image, long configBytes, Map<Digest, LayerRecord> layers)
        throws IOException {
      Manifest manifest = manifest(image, configBytes, layers);
      String pulled = image.manifest();
      String text =
          pulled != null && isStillRight(pulled, manifest) ? pulled : ManifestCodec.write(manifest);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      String mediaType =
          ManifestCodec.mediaType(Json.parse(text, "manifest"), MediaTypes.OCI_MANIFEST);
      String tag = String.valueOf(reference.tag());
      client.putManifest(tag, mediaType, bytes);
      Digest digest = Digest.of(bytes);
      storage
          .store()
          .update(transaction -> {
            if (transaction.find(ImageTables.IMAGES, id.toString()).isPresent()) {
              transaction.put(
                  ImageTables.REFERENCES,
                  reference.withDigest(digest).toString(),
                  new ReferenceRecord(id.toString()));
            }
            return digest;
          });
      progress.status(tag + ": digest: " + digest + " size: " + bytes.length);
      progress.send(
          new ProgressSink.Message(
              null,
              null,
              null,
              null,
              new ProgressSink.Pushed(tag, digest.toString(), bytes.length)));
    }

    private Manifest manifest(
        ImageRecord image, long configBytes, Map<Digest, LayerRecord> layers) {
      List<Descriptor> descriptors = new ArrayList<>();
      for (String diffId : image.diffIds()) {
        LayerRecord layer = layers.get(Digest.parse(diffId));
        if (layer == null) {
          throw EngineException.internal("layer does not exist: " + diffId, null);
        }
        String mediaType =
            layer.compression() == Compression.ZSTD
                ? MediaTypes.OCI_LAYER_ZSTD
                : MediaTypes.DOCKER_LAYER_GZIP;
        descriptors.add(
            new Descriptor(mediaType, Digest.parse(layer.blobDigest()), layer.blobBytes()));
      }
      Descriptor config = new Descriptor(MediaTypes.DOCKER_CONFIG, id, configBytes);
      return new Manifest(MediaTypes.DOCKER_MANIFEST, config, descriptors);
    }

    private static boolean isStillRight(String pulled, Manifest own) {
      Manifest before = ManifestCodec.manifest(Json.parse(pulled, "manifest"), null);
      return before.config().digest().equals(own.config().digest())
          && digests(before).equals(digests(own));
    }

    private static List<Digest> digests(Manifest manifest) {
      return manifest.layers().stream().map(Descriptor::digest).toList();
    }

    private Map<Digest, LayerRecord> sendLayers(LayerSession session, ImageRecord image)
        throws IOException {
      Map<Digest, LayerRecord> layers = new java.util.concurrent.ConcurrentHashMap<>();
      Set<Digest> diffIds = new LinkedHashSet<>();
      image.diffIds().forEach(diffId -> diffIds.add(Digest.parse(diffId)));
      List<Transfers.Transfer> transfers = new ArrayList<>();
      for (Digest diffId : diffIds) {
        progress.status(diffId.shortHex(), "Preparing");
        LayerRecord layer =
            session
                .reuse(diffId)
                .orElseThrow(
                    () -> EngineException.internal("layer does not exist: " + diffId, null));
        transfers.add(() -> {
          LayerRecord packed = storage.layers().compress(diffId, layer);
          layers.put(diffId, packed);
          sendLayer(diffId, packed);
        });
      }
      Transfers.runAll(transfers, settings.get().maximumConcurrentUploads());
      return layers;
    }

    private void sendLayer(Digest diffId, LayerRecord layer) throws IOException {
      String shown = diffId.shortHex();
      Digest blob = Digest.parse(layer.blobDigest());
      if (client.hasBlob(blob)) {
        progress.status(shown, "Layer already exists");
        return;
      }
      for (String repository : mountCandidates(diffId)) {
        if (isMounted(blob, repository)) {
          progress.status(shown, "Mounted from " + repository);
          return;
        }
      }
      send(blob, layer.blobBytes(), () -> open(layer, shown));
      progress.status(shown, "Pushed");
    }

    private boolean isMounted(Digest blob, String repository) throws IOException {
      try {
        return client.beginUpload(blob, repository).isEmpty();
      } catch (RegistryException refused) {
        // No access to the other repository: the blob is sent instead.
        return false;
      }
    }

    private InputStream open(LayerRecord layer, String shown) {
      try {
        return new ReportingInputStream(
            storage.layers().openBlob(layer),
            done -> progress.progress(shown, "Pushing", done, layer.blobBytes()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void send(Digest blob, long size, java.util.function.Supplier<InputStream> content)
        throws IOException {
      Optional<URI> location = client.beginUpload(blob, null);
      if (location.isPresent()) {
        client.upload(location.get(), blob, size, content);
      }
    }

    /** Repositories of the same registry whose images here hold the layer. */
    private List<String> mountCandidates(Digest diffId) {
      return storage
          .store()
          .view(transaction -> {
            Set<String> paths = new LinkedHashSet<>();
            transaction
                .all(ImageTables.REFERENCES)
                .forEach((key, record) -> {
                  Reference other = Reference.parse(key);
                  boolean candidate =
                      other.digest() != null
                          && other.domain().equals(reference.domain())
                          && !other.path().equals(reference.path());
                  if (candidate && holds(transaction, record.image(), diffId)) {
                    paths.add(other.path());
                  }
                });
            return paths.stream().limit(MOST_MOUNT_ATTEMPTS).toList();
          });
    }

    private static boolean holds(ReadTransaction transaction, String image, Digest diffId) {
      return transaction
          .find(ImageTables.IMAGES, image)
          .map(record -> record.diffIds().contains(diffId.toString()))
          .orElse(false);
    }
  }
}
