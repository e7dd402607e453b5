package dev.berth.server;

import dev.berth.api.OciPlatform;
import dev.berth.core.EngineException;
import dev.berth.image.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads platforms of a query: a JSON object of the OCI image specification each. */
final class PlatformQuery {
  private PlatformQuery() {}

  /**
   * The one platform of the query's {@code platform}, or null for none.
   *
   * @param since the minor version that the parameter came with; older clients' is passed over
   * @throws EngineException of kind INVALID when it is no platform, or one of several
   */
  static @Nullable Platform one(Exchange exchange, int since) {
    List<String> texts = exchange.query().all("platform");
    if (!exchange.version().atLeast(since) || texts.isEmpty()) {
      return null;
    }
    if (texts.size() > 1) {
      throw EngineException.invalid("multiple platform parameters not supported");
    }
    return texts.getFirst().isEmpty() ? null : parse(texts.getFirst());
  }

  /** As {@link #one}, of the parameter {@code platforms}. */
  static @Nullable Platform ofSeveral(Exchange exchange, int since) {
    List<String> texts = exchange.query().all("platforms");
    if (!exchange.version().atLeast(since) || texts.isEmpty()) {
      return null;
    }
    List<Platform> platforms = texts.stream().map(PlatformQuery::parse).toList();
    if (platforms.size() > 1) {
      throw EngineException.invalid("multiple platforms are not supported");
    }
    return platforms.getFirst();
  }

  static Platform parse(String text) {
    OciPlatform json = json(text);
    boolean either = !json.os().isEmpty() || !json.architecture().isEmpty();
    if (!either && !(json.variant().isEmpty() && json.osVersion().isEmpty())) {
      throw EngineException.invalid(
          "optional platform fields provided, but OS and Architecture are missing");
    }
    if (json.os().isEmpty() || json.architecture().isEmpty()) {
      throw EngineException.invalid("both OS and Architecture must be provided");
    }
    return Platform.normalised(json.os(), json.architecture(), json.variant());
  }

  private static OciPlatform json(String text) {
    try {
      return JsonBody.parse(text.getBytes(StandardCharsets.UTF_8), OciPlatform.class);
    } catch (EngineException malformed) {
      throw EngineException.invalid(
          "failed to parse platform: " + malformed.text().replaceFirst("^invalid JSON: ", ""));
    }
  }
}
