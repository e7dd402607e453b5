package dev.berth.image.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.image.Reference;
import dev.berth.image.content.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Turns what registries answer into Docker's words. */
public final class RegistryErrors {
  private static final int LONGEST_TEXT = 512;

  private RegistryErrors() {}

  static RegistryException of(int status, byte[] body) {
    try {
      JsonNode node = Json.parse(new String(body, StandardCharsets.UTF_8), "answer");
      JsonNode error = node.path("errors").path(0);
      if (error.isObject()) {
        String code = error.path("code").asText("");
        return new RegistryException(
            status, code, error.path("message").asText(error.path("detail").asText(code)));
      }
      String details = node.path("details").asText(node.path("message").asText(""));
      if (!details.isEmpty()) {
        return new RegistryException(status, status == 401 ? "UNAUTHORIZED" : "", details);
      }
    } catch (EngineException notJson) {
      // Proxies answer in HTML; the status must do.
    }
    return switch (status) {
      case 401 -> new RegistryException(status, "UNAUTHORIZED", "authentication required");
      case 403 ->
          new RegistryException(status, "DENIED", "requested access to the resource is denied");
      case 429 -> new RegistryException(status, "TOOMANYREQUESTS", "too many requests");
      default ->
          new RegistryException(
              status, "", "received unexpected HTTP status: " + status + shortened(body));
    };
  }

  private static String shortened(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return text.isEmpty() || text.startsWith("<")
        ? ""
        : ": " + text.substring(0, Math.min(LONGEST_TEXT, text.length()));
  }

  /** A pull's failure, as Docker tells of it. */
  public static EngineException pull(IOException failure, Reference reference) {
    if (!(failure instanceof RegistryException refusal)) {
      return EngineException.internal(String.valueOf(failure.getMessage()), failure);
    }
    String text = String.valueOf(refusal.getMessage());
    return switch (refusal.code()) {
      case "DENIED" ->
          notFound(
              "pull access denied for "
                  + reference.familiarName()
                  + ", repository does not exist or may require 'docker login': "
                  + text,
              refusal);
      case "MANIFEST_UNKNOWN" ->
          notFound("manifest for " + reference.familiar() + " not found: " + text, refusal);
      case "NAME_UNKNOWN" ->
          notFound("repository " + reference.familiarName() + " not found: " + text, refusal);
      default -> push(failure);
    };
  }

  /** A push's failure, as Docker tells of it. */
  public static EngineException push(IOException failure) {
    String text = String.valueOf(failure.getMessage());
    if (failure instanceof RegistryException refusal && refusal.status() == 404) {
      return notFound(text, refusal);
    }
    return EngineException.internal(text, failure);
  }

  private static EngineException notFound(String message, Throwable cause) {
    return new EngineException(ErrorKind.NOT_FOUND, message, cause);
  }
}
