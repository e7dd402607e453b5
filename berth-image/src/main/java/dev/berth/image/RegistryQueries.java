package dev.berth.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.image.content.ConfigurationCodec;
import dev.berth.image.content.Json;
import dev.berth.image.content.ManifestCodec;
import dev.berth.image.registry.RegistryClient;
import dev.berth.image.registry.RegistryErrors;
import dev.berth.image.registry.RegistryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Questions to registries that bring no image. */
final class RegistryQueries {
  private static final String DOCKER_HUB = "docker.io";

  private final Supplier<RegistrySettings> settings;

  RegistryQueries(Supplier<RegistrySettings> settings) {
    this.settings = settings;
  }

  void login(String serverAddress, RegistryCredentials credentials) {
    Reference registry = Reference.parse(host(serverAddress) + "/login");
    try (RegistryClient client = new RegistryClient(registry, credentials, settings.get(), false)) {
      client.connect();
      client.login();
    } catch (RegistryException e) {
      boolean refused = e.status() == 401 || e.status() == 403;
      throw new EngineException(
          refused ? ErrorKind.UNAUTHORIZED : ErrorKind.INTERNAL, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw EngineException.internal(String.valueOf(e.getMessage()), e);
    }
  }

  /** Clients name a registry by host or by URL; the hub also by the URL of its first version. */
  private static String host(String serverAddress) {
    String host = serverAddress.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    return host.isEmpty() || host.equals("index.docker.io") ? DOCKER_HUB : host;
  }

  RemoteImage inspect(Reference reference, RegistryCredentials credentials) {
    Reference whole = reference.withDefaultTag();
    Digest digest = whole.digest();
    String wanted = digest == null ? String.valueOf(whole.tag()) : digest.toString();
    try (RegistryClient client = new RegistryClient(whole, credentials, settings.get(), false)) {
      client.connect();
      RegistryClient.Fetched fetched = client.manifest(wanted);
      JsonNode node = Json.parse(fetched.text(), "manifest");
      String mediaType = ManifestCodec.mediaType(node, fetched.mediaType());
      long size = fetched.text().getBytes(StandardCharsets.UTF_8).length;
      return new RemoteImage(
          new Descriptor(mediaType, fetched.digest(), size), platforms(client, node, mediaType));
    } catch (IOException e) {
      throw RegistryErrors.pull(e, whole);
    }
  }

  private static List<Platform> platforms(RegistryClient client, JsonNode node, String mediaType)
      throws IOException {
    List<Platform> platforms = new ArrayList<>();
    if (MediaTypes.isIndex(mediaType)) {
      for (Descriptor entry : ManifestCodec.index(node)) {
        Platform platform = entry.platform();
        if (platform != null) {
          platforms.add(platform);
        }
      }
      return platforms;
    }
    Digest config = ManifestCodec.manifest(node, mediaType).config().digest();
    String text = Json.text(client.document(config), "image configuration");
    platforms.add(ConfigurationCodec.parse(text).platform());
    return platforms;
  }
}
