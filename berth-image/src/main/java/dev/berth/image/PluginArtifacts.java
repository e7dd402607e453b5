package dev.berth.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.EngineException;
import dev.berth.image.content.Json;
import dev.berth.image.content.ManifestCodec;
import dev.berth.image.registry.RegistryClient;
import dev.berth.image.registry.RegistryErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Plugins in registries: a manifest like an image's whose configuration is a plugin's. Safe for use
 * by any thread.
 *
 * @see <a href="https://docs.docker.com/engine/extend/config/">plugin configuration</a>
 */
public final class PluginArtifacts {
  private final Supplier<RegistrySettings> settings;

  /**
   * @param settings how registries are spoken to, asked at each use
   */
  public PluginArtifacts(Supplier<RegistrySettings> settings) {
    this.settings = settings;
  }

  /**
   * Only the configuration, to see what a plugin wants before it is fetched.
   *
   * @throws EngineException with Docker's text where there is no such plugin
   */
  public String configuration(Reference reference, RegistryCredentials credentials) {
    try (RegistryClient client = client(reference, credentials, false)) {
      client.connect();
      return configuration(client, manifest(client, reference));
    } catch (IOException e) {
      throw RegistryErrors.pull(e, reference);
    }
  }

  /**
   * Fetches a plugin.
   *
   * @param blobs where its layers are put, named by the digits of their digests; those that are
   *     there are not fetched
   * @throws EngineException with Docker's text where that fails
   */
  public PluginArtifact pull(
      Reference reference, RegistryCredentials credentials, Path blobs, ProgressSink progress) {
    try (RegistryClient client = client(reference, credentials, false)) {
      client.connect();
      Manifest manifest = manifest(client, reference);
      String configuration = configuration(client, manifest);
      for (Descriptor layer : manifest.layers()) {
        fetch(client, layer, blobs, progress);
      }
      return new PluginArtifact(configuration, manifest.layers());
    } catch (IOException e) {
      throw RegistryErrors.pull(e, reference);
    }
  }

  private RegistryClient client(
      Reference reference, RegistryCredentials credentials, boolean push) {
    return new RegistryClient(reference, credentials, settings.get(), push);
  }

  private static Manifest manifest(RegistryClient client, Reference reference) throws IOException {
    Digest digest = reference.digest();
    String wanted = digest == null ? String.valueOf(reference.tag()) : digest.toString();
    RegistryClient.Fetched fetched = client.manifest(wanted);
    JsonNode tree = Json.parse(fetched.text(), "manifest");
    Manifest manifest = ManifestCodec.manifest(tree, fetched.mediaType());
    String type = manifest.config().mediaType();
    if (!type.equals(MediaTypes.DOCKER_PLUGIN_CONFIG)) {
      boolean image = type.equals(MediaTypes.DOCKER_CONFIG) || type.equals(MediaTypes.OCI_CONFIG);
      throw EngineException.invalid(
          "Encountered remote \""
              + type
              + "\"("
              + (image ? "image" : "unknown")
              + ") when fetching");
    }
    return manifest;
  }

  private static String configuration(RegistryClient client, Manifest manifest) throws IOException {
    return Json.text(client.document(manifest.config().digest()), "plugin configuration");
  }

  private static void fetch(
      RegistryClient client, Descriptor layer, Path blobs, ProgressSink progress)
      throws IOException {
    String shown = layer.digest().shortHex();
    Path target = blobs.resolve(layer.digest().hex());
    if (Files.exists(target)) {
      progress.status(shown, "Already exists");
      return;
    }
    Path partial = Files.createTempFile(blobs, "fetch-", null);
    try {
      MessageDigest hash = layer.digest().hash();
      try (InputStream blob = client.blob(layer.digest());
          InputStream bounded = new BoundedInputStream(blob, layer.size());
          InputStream reporting =
              new ReportingInputStream(
                  bounded, done -> progress.progress(shown, "Downloading", done, layer.size()));
          InputStream hashing = new DigestInputStream(reporting, hash)) {
        Files.copy(hashing, partial, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!HexFormat.of().formatHex(hash.digest()).equals(layer.digest().hex())) {
        throw new IOException("filesystem layer verification failed for digest " + layer.digest());
      }
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      progress.status(shown, "Download complete");
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /**
   * Takes a plugin to a registry.
   *
   * @param blobs where its layers are
   * @return the digest of its manifest
   * @throws EngineException with Docker's text where that fails
   */
  public Digest push(
      Reference reference,
      RegistryCredentials credentials,
      PluginArtifact artifact,
      Path blobs,
      ProgressSink progress) {
    progress.status("The push refers to repository [" + reference.name() + "]");
    try (RegistryClient client = client(reference, credentials, true)) {
      client.connect();
      for (Descriptor layer : artifact.layers()) {
        send(client, layer, blobs.resolve(layer.digest().hex()), progress);
      }
      byte[] configuration = artifact.configuration().getBytes(StandardCharsets.UTF_8);
      Descriptor described =
          new Descriptor(
              MediaTypes.DOCKER_PLUGIN_CONFIG, Digest.of(configuration), configuration.length);
      if (!client.hasBlob(described.digest())) {
        upload(client, described, () -> new ByteArrayInputStream(configuration));
      }
      String manifest =
          ManifestCodec.write(
              new Manifest(MediaTypes.DOCKER_MANIFEST, described, artifact.layers()));
      byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
      String tag = String.valueOf(reference.tag());
      client.putManifest(tag, MediaTypes.DOCKER_MANIFEST, bytes);
      Digest digest = Digest.of(bytes);
      progress.status(tag + ": digest: " + digest + " size: " + bytes.length);
      return digest;
    } catch (UncheckedIOException e) {
      throw RegistryErrors.push(new IOException(e.getMessage(), e));
    } catch (IOException e) {
      throw RegistryErrors.push(e);
    }
  }

  private static void send(
      RegistryClient client, Descriptor layer, Path blob, ProgressSink progress)
      throws IOException {
    String shown = layer.digest().shortHex();
    if (client.hasBlob(layer.digest())) {
      progress.status(shown, "Layer already exists");
      return;
    }
    upload(
        client,
        layer,
        () -> {
          try {
            return new ReportingInputStream(
                Files.newInputStream(blob),
                done -> progress.progress(shown, "Pushing", done, layer.size()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    progress.status(shown, "Pushed");
  }

  private static void upload(RegistryClient client, Descriptor blob, Supplier<InputStream> content)
      throws IOException {
    Optional<java.net.URI> location = client.beginUpload(blob.digest(), null);
    if (location.isPresent()) {
      client.upload(location.get(), blob.digest(), blob.size(), content);
    }
  }
}
