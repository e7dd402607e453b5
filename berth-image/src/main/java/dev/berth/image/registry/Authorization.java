package dev.berth.image.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.image.RegistryCredentials;
import dev.berth.image.content.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says who asks, in the way the registry wants it. Tokens live as long as this object, which serves
 * one operation of one client, so that nobody gets in on another's token. Source: distribution
 * project, "Token Authentication Specification" and "OAuth2 Token Authentication".
 */
final class Authorization {
  private static final int LARGEST_ANSWER = 1 << 20;

  private final RegistryCredentials credentials;
  private final RegistryHttp http;
  private final Map<String, String> tokens = new ConcurrentHashMap<>();
  private volatile @Nullable Challenge challenge;

  Authorization(RegistryCredentials credentials, RegistryHttp http) {
    this.credentials = credentials;
    this.http = http;
  }

  /** What the registry answered with 401. */
  void challengedBy(List<String> headers) {
    challenge = Challenge.of(headers).orElse(null);
  }

  boolean isChallenged() {
    return challenge != null;
  }

  /** Forgets a token that was refused. */
  void forget(String scope) {
    tokens.remove(scope);
  }

  /**
   * The header's value for a request.
   *
   * @param scope for instance {@code repository:library/x:pull}; several parted by spaces
   * @throws RegistryException when there are no credentials, or they are refused
   */
  Optional<String> header(String scope) throws IOException {
    if (credentials.registryToken() != null) {
      return Optional.of("Bearer " + credentials.registryToken());
    }
    Challenge asked = challenge;
    if (asked == null) {
      return Optional.empty();
    }
    if (asked.scheme().equals("basic")) {
      String basic = basic();
      if (basic == null) {
        throw new RegistryException(401, "", "no basic auth credentials");
      }
      return Optional.of(basic);
    }
    String token = tokens.get(scope);
    if (token == null) {
      token = fetchToken(asked, scope);
      tokens.put(scope, token);
    }
    return Optional.of("Bearer " + token);
  }

  private @Nullable String basic() {
    String user = credentials.username();
    String password = credentials.password();
    if (user == null || user.isEmpty()) {
      return null;
    }
    String pair = user + ":" + (password == null ? "" : password);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private String fetchToken(Challenge asked, String scope) throws IOException {
    URI realm = http.realm(asked.parameter("realm"));
    String identity = credentials.identityToken();
    HttpRequest.Builder request =
        identity == null || identity.isEmpty()
            ? tokenRequest(realm, asked.parameter("service"), scope)
            : refreshRequest(realm, asked.parameter("service"), scope, identity);
    try (RegistryHttp.Answer answer = http.send(request)) {
      byte[] body = answer.readBody(LARGEST_ANSWER);
      if (answer.status() != 200) {
        throw RegistryErrors.of(answer.status(), body);
      }
      JsonNode node = Json.parse(Json.text(body, "token"), "token");
      String token = node.path("token").asText(node.path("access_token").asText(""));
      if (token.isEmpty()) {
        throw new RegistryException(
            answer.status(), "", "authorization server did not include a token in the response");
      }
      return token;
    }
  }

  private HttpRequest.Builder tokenRequest(URI realm, String service, String scope) {
    StringBuilder query = new StringBuilder();
    append(query, "service", service);
    for (String one : scope.split(" ")) {
      append(query, "scope", one);
    }
    String user = credentials.username();
    if (user != null && !user.isEmpty()) {
      append(query, "account", user);
    }
    String separator = realm.getRawQuery() == null ? "?" : "&";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(realm + separator + query)).GET();
    String basic = basic();
    return basic == null ? request : request.header("Authorization", basic);
  }

  private static HttpRequest.Builder refreshRequest(
      URI realm, String service, String scope, String identity) {
    StringBuilder form = new StringBuilder();
    append(form, "grant_type", "refresh_token");
    append(form, "client_id", "berth");
    append(form, "service", service);
    append(form, "scope", scope);
    append(form, "refresh_token", identity);
    return HttpRequest.newBuilder(realm)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form.toString()));
  }

  private static void append(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query
          .append(query.isEmpty() ? "" : "&")
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }
}
