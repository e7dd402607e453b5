package dev.berth.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.archive.TarFormatException;
import dev.berth.core.EngineException;
import dev.berth.image.content.ConfigurationCodec;
import dev.berth.image.content.Json;
import dev.berth.image.content.LayerSession;
import dev.berth.image.content.ManifestCodec;
import dev.berth.image.content.StagedLayer;
import dev.berth.image.registry.RegistryClient;
import dev.berth.image.registry.RegistryErrors;
import dev.berth.image.registry.RegistryException;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings images from registries. The configuration comes first and says which layers there are;
 * those that are here already are not fetched, the others are unpacked as they come.
 */
final class ImagePuller {
  private static final int ATTEMPTS = 4;

  private final ImageStorage storage;
  private final ImageAdder adder;
  private final ImageEvents events;
  private final Supplier<RegistrySettings> settings;

  ImagePuller(
      ImageStorage storage,
      ImageAdder adder,
      ImageEvents events,
      Supplier<RegistrySettings> settings) {
    this.storage = storage;
    this.adder = adder;
    this.events = events;
    this.settings = settings;
  }

  void pull(PullRequest request, ProgressSink sink) {
    ProgressSink progress = new SerializedProgress(sink);
    Reference reference = request.reference();
    try (RegistryClient client =
        new RegistryClient(reference, request.credentials(), settings.get(), false)) {
      client.connect();
      boolean updated = false;
      for (Reference one : wanted(client, reference)) {
        updated |= new Pull(client, one, request.platform(), progress).run();
      }
      progress.status(
          "Status: "
              + (updated ? "Downloaded newer image for " : "Image is up to date for ")
              + reference.familiar());
    } catch (TarFormatException e) {
      throw EngineException.internal(
          "failed to register layer: " + String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw RegistryErrors.pull(e, reference);
    } catch (LinuxException e) {
      throw EngineException.internal("failed to register layer: " + e.getMessage(), e);
    }
    events.named("pull", reference.familiar(), reference.familiarName(), Map.of());
  }

  private static List<Reference> wanted(RegistryClient client, Reference reference)
      throws IOException {
    if (!reference.isNameOnly()) {
      return List.of(reference);
    }
    List<Reference> references = new ArrayList<>();
    for (String tag : client.tags()) {
      references.add(reference.withTag(tag));
    }
    return references;
  }

  /** One image on its way. */
  private final class Pull {
    private final RegistryClient client;
    private final Reference reference;
    private final @Nullable Platform platform;
    private final ProgressSink progress;

    Pull(
        RegistryClient client,
        Reference reference,
        @Nullable Platform platform,
        ProgressSink progress) {
      this.client = client;
      this.reference = reference;
      this.platform = platform;
      this.progress = progress;
    }

    /** Whether a name now means another image than before. */
    boolean run() throws IOException {
      Digest digest = reference.digest();
      String wanted = digest == null ? String.valueOf(reference.tag()) : digest.toString();
      progress.status(wanted, "Pulling from " + reference.path());
      RegistryClient.Fetched top = client.manifest(wanted);
      RegistryClient.Fetched own = ofPlatform(top);
      Manifest manifest = ManifestCodec.manifest(tree(own), own.mediaType());
      requireImage(manifest);
      String configuration =
          Json.text(client.document(manifest.config().digest()), "image configuration");
      ImageDocument document = ConfigurationCodec.parse(configuration);
      requirePlatform(document);
      if (document.diffIds().size() != manifest.layers().size()) {
        throw new IOException("layers from manifest don't match image configuration");
      }
      List<Reference> names = new ArrayList<>();
      if (digest == null) {
        names.add(reference);
      }
      names.add(reference.withDigest(top.digest()));
      boolean updated = isNews(manifest.config().digest());
      try (LayerSession session = storage.session()) {
        fetch(session, manifest.layers(), document.diffIds());
        adder.add(
            session, List.of(new ImageAdder.Addition(configuration, null, own.text(), names)));
      }
      progress.status("Digest: " + top.digest());
      return updated;
    }

    private boolean isNews(Digest id) {
      Optional<Digest> before =
          storage
              .store()
              .view(transaction -> storage.catalogue().byReference(transaction, reference));
      return before.isEmpty() || !before.get().equals(id);
    }

    private JsonNode tree(RegistryClient.Fetched fetched) {
      return Json.parse(fetched.text(), "manifest");
    }

    private RegistryClient.Fetched ofPlatform(RegistryClient.Fetched top) throws IOException {
      JsonNode node = tree(top);
      if (!MediaTypes.isIndex(ManifestCodec.mediaType(node, top.mediaType()))) {
        return top;
      }
      Platform machine = platform == null ? Platform.host() : platform;
      Descriptor chosen = ManifestCodec.choose(ManifestCodec.index(node), machine);
      if (chosen == null) {
        throw EngineException.notFound(
            "no matching manifest for " + machine + " in the manifest list entries");
      }
      return client.manifest(chosen.digest().toString());
    }

    private void requireImage(Manifest manifest) {
      String type = manifest.config().mediaType();
      if (!type.equals(MediaTypes.DOCKER_CONFIG) && !type.equals(MediaTypes.OCI_CONFIG)) {
        throw EngineException.invalid(
            "unsupported media type " + (type.isEmpty() ? "of the configuration" : type));
      }
    }

    private void requirePlatform(ImageDocument document) {
      Platform asked = platform;
      if (asked == null || document.platform().architecture().isEmpty()) {
        return;
      }
      Platform own =
          Platform.normalised(
              document.platform().os(),
              document.platform().architecture(),
              document.platform().variant());
      if (own.distanceFrom(asked) < 0) {
        throw EngineException.notFound(
            "image with reference "
                + reference.familiar()
                + " was found but does not provide the specified platform ("
                + asked
                + ")");
      }
    }

    private void fetch(LayerSession session, List<Descriptor> layers, List<Digest> diffIds)
        throws IOException {
      List<Transfers.Transfer> transfers = new ArrayList<>();
      Set<Digest> begun = new LinkedHashSet<>();
      for (int i = 0; i < layers.size(); i++) {
        Descriptor layer = layers.get(i);
        Digest diffId = diffIds.get(i);
        if (!begun.add(diffId)) {
          continue;
        }
        if (session.reuse(diffId).isPresent()) {
          progress.status(layer.digest().shortHex(), "Already exists");
        } else {
          progress.status(layer.digest().shortHex(), "Pulling fs layer");
          transfers.add(() -> fetchOne(session, layer, diffId));
        }
      }
      Transfers.runAll(transfers, settings.get().maximumConcurrentDownloads());
    }

    private void fetchOne(LayerSession session, Descriptor layer, Digest diffId)
        throws IOException {
      String id = layer.digest().shortHex();
      for (int attempt = 1; ; attempt++) {
        try {
          StagedLayer staged = download(session, layer);
          verify(session, staged, layer, diffId);
          break;
        } catch (TarFormatException | InterruptedIOException e) {
          throw e;
        } catch (IOException e) {
          boolean hopeless = e instanceof RegistryException refusal && !refusal.isTransient();
          if (hopeless || attempt == ATTEMPTS) {
            throw e;
          }
          pause(id, attempt);
        }
      }
      progress.status(id, "Download complete");
      progress.progress(id, "Extracting", layer.size(), layer.size());
      progress.status(id, "Pull complete");
    }

    private StagedLayer download(LayerSession session, Descriptor layer) throws IOException {
      String id = layer.digest().shortHex();
      try (InputStream blob = client.blob(layer.digest());
          InputStream bounded = new BoundedInputStream(blob, layer.size());
          InputStream reporting =
              new ReportingInputStream(
                  bounded, done -> progress.progress(id, "Downloading", done, layer.size()))) {
        return session.stage(reporting);
      }
    }

    private void verify(LayerSession session, StagedLayer staged, Descriptor layer, Digest diffId)
        throws IOException {
      progress.status(layer.digest().shortHex(), "Verifying Checksum");
      boolean right = staged.layer().blobDigest().equals(layer.digest().toString());
      if (!right) {
        session.discard(staged);
        throw new IOException("filesystem layer verification failed for digest " + layer.digest());
      }
      if (!staged.diffId().equals(diffId)) {
        session.discard(staged);
        throw new TarFormatException("layers from manifest don't match image configuration");
      }
    }

    private void pause(String id, int attempt) throws InterruptedIOException {
      progress.status(id, "Retrying in " + attempt + (attempt == 1 ? " second" : " seconds"));
      try {
        Thread.sleep(Duration.ofSeconds(attempt));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("context canceled");
      }
    }
  }
}
