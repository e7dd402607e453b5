package dev.berth.server;

import dev.berth.api.AuthConfig;
import dev.berth.api.AuthResponse;
import dev.berth.api.DistributionInspect;
import dev.berth.api.OciPlatform;
import dev.berth.engine.Engine;
import dev.berth.image.Platform;
import dev.berth.image.Reference;
import dev.berth.image.RegistryCredentials;
import dev.berth.image.RemoteImage;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Questions to registries: who the client is there, and what an image is like there. */
final class RegistryRoutes {
  private final Engine engine;

  RegistryRoutes(Engine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/auth", this::authenticate),
        Route.get("/distribution/{name}/json", this::distribution).from(30));
  }

  private void authenticate(Exchange exchange) throws IOException {
    AuthConfig auth = exchange.json(AuthConfig.class);
    engine.images().login(auth.serveraddress(), credentials(auth));
    exchange.reply(200, new AuthResponse("", "Login Succeeded"));
  }

  private void distribution(Exchange exchange) throws IOException {
    Reference reference = Reference.parse(exchange.name()).withDefaultTag();
    RemoteImage image = engine.images().inspectRemote(reference, credentials(exchange));
    List<OciPlatform> platforms = image.platforms().stream().map(RegistryRoutes::platform).toList();
    exchange.reply(
        200, new DistributionInspect(ImageMapper.descriptor(image.descriptor()), platforms));
  }

  private static OciPlatform platform(Platform platform) {
    String variant = platform.variant();
    return new OciPlatform(
        platform.architecture(), platform.os(), "", variant == null ? "" : variant);
  }

  /**
   * Those of the header {@code X-Registry-Auth}; what cannot be read counts as none, as in dockerd.
   */
  static RegistryCredentials credentials(Exchange exchange) {
    String header = exchange.header("X-Registry-Auth");
    if (header.isEmpty()) {
      return RegistryCredentials.ANONYMOUS;
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(header.replace('+', '-').replace('/', '_'));
      return credentials(Json.MAPPER.readValue(json, AuthConfig.class));
    } catch (IllegalArgumentException | IOException unreadable) {
      return RegistryCredentials.ANONYMOUS;
    }
  }

  /** Those that a client sent. */
  static RegistryCredentials credentials(AuthConfig auth) {
    return new RegistryCredentials(
        nonEmpty(auth.username()),
        nonEmpty(auth.password()),
        nonEmpty(auth.identitytoken()),
        nonEmpty(auth.registrytoken()));
  }

  private static @Nullable String nonEmpty(String text) {
    return text.isEmpty() ? null : text;
  }
}
