package dev.berth.image.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.image.Digest;
import dev.berth.image.MediaTypes;
import dev.berth.image.Reference;
import dev.berth.image.RegistryCredentials;
import dev.berth.image.RegistrySettings;
import dev.berth.image.content.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One client's dealings with one repository of a registry. Safe for use by several threads once
 * {@link #connect} has returned. Source: OCI distribution specification.
 */
public final class RegistryClient implements AutoCloseable {
  private static final int LARGEST_MANIFEST = 4 << 20;
  private static final int LARGEST_ERROR = 64 * 1024;
  private static final int MOST_TAG_PAGES = 1000;
  private static final String ACCEPTED =
      String.join(
          ", ",
          MediaTypes.OCI_INDEX,
          MediaTypes.DOCKER_INDEX,
          MediaTypes.OCI_MANIFEST,
          MediaTypes.DOCKER_MANIFEST);

  private final Reference repository;
  private final RegistryEndpoint endpoint;
  private final RegistryHttp http;
  private final Authorization authorization;
  private final String scope;
  private URI base;

  /**
   * @param repository which one; tag and digest do not matter
   * @param credentials who the client is
   * @param settings says which registries are insecure
   * @param push whether it is to be written to
   */
  public RegistryClient(
      Reference repository,
      RegistryCredentials credentials,
      RegistrySettings settings,
      boolean push) {
    this.repository = repository;
    this.endpoint = RegistryEndpoint.of(repository.domain(), settings);
    this.http = new RegistryHttp(endpoint.insecure());
    this.authorization = new Authorization(credentials, http);
    this.scope = "repository:" + repository.path() + (push ? ":pull,push" : ":pull");
    this.base = endpoint.base(true);
  }

  /**
   * A manifest.
   *
   * @param text to the byte
   * @param mediaType what it came as
   * @param digest of the text
   */
  public record Fetched(String text, String mediaType, Digest digest) {}

  /** Finds out how the registry is reached and how it wants to be told who asks. */
  public void connect() throws IOException {
    if (!endpoint.insecure()) {
      ping(endpoint.base(true));
      return;
    }
    // Plain HTTP first: for those it is the rule, and a TLS server says at once that it is one.
    if (!ping(endpoint.base(false))) {
      ping(endpoint.base(true));
    }
  }

  private boolean ping(URI address) throws IOException {
    try (RegistryHttp.Answer answer = http.send(HttpRequest.newBuilder(address).GET())) {
      boolean speaks = answer.status() == 200 || answer.status() == 401;
      if (!speaks && address.getScheme().equals("http")) {
        return false;
      }
      if (answer.status() == 401) {
        authorization.challengedBy(answer.headers("WWW-Authenticate"));
      }
      base = address;
      return true;
    } catch (SSLException e) {
      throw new IOException(
          "Get \"" + address + "\": tls: failed to verify certificate: " + e.getMessage(), e);
    }
  }

  /** Says who the client is, without wanting anything else; fails when the registry says no. */
  public void login() throws IOException {
    try (RegistryHttp.Answer answer = send(() -> HttpRequest.newBuilder(base), "")) {
      requireStatus(answer, answer.readBody(LARGEST_ERROR), 200);
    }
  }

  /** Fetches a manifest by tag or digest; one fetched by digest has that digest. */
  public Fetched manifest(String tagOrDigest) throws IOException {
    Supplier<HttpRequest.Builder> request =
        () -> HttpRequest.newBuilder(path("manifests/" + tagOrDigest)).header("Accept", ACCEPTED);
    try (RegistryHttp.Answer answer = send(request, scope)) {
      byte[] body = answer.readBody(LARGEST_MANIFEST);
      requireStatus(answer, body, 200);
      Digest digest = Digest.of(body);
      String promised =
          Digest.isDigest(tagOrDigest)
              ? tagOrDigest
              : answer.header("Docker-Content-Digest").orElse(digest.toString());
      Digest expected = Digest.parse(promised);
      if (!expected.algorithm().equals("sha256")) {
        digest = new Digest(expected.algorithm(), hex(expected, body));
      }
      if (!expected.equals(digest)) {
        throw new IOException("manifest verification failed for digest " + promised);
      }
      String mediaType = answer.header("Content-Type").orElse("");
      return new Fetched(Json.text(body, "manifest"), mediaType, digest);
    }
  }

  private static String hex(Digest expected, byte[] body) {
    return java.util.HexFormat.of().formatHex(expected.hash().digest(body));
  }

  /** A small blob, such as a configuration, verified. */
  public byte[] document(Digest digest) throws IOException {
    try (RegistryHttp.Answer answer = get("blobs/" + digest)) {
      byte[] body = answer.readBody(2 * LARGEST_MANIFEST);
      if (!hex(digest, body).equals(digest.hex())) {
        throw new IOException("image config verification failed for digest " + digest);
      }
      return body;
    }
  }

  /** A blob as it comes; not verified. The caller closes it. */
  public InputStream blob(Digest digest) throws IOException {
    return get("blobs/" + digest).body();
  }

  private RegistryHttp.Answer get(String path) throws IOException {
    RegistryHttp.Answer answer = send(() -> HttpRequest.newBuilder(path(path)), scope);
    if (answer.status() != 200) {
      try (answer) {
        throw RegistryErrors.of(answer.status(), answer.readBody(LARGEST_ERROR));
      }
    }
    return answer;
  }

  /** All tags of the repository. */
  public List<String> tags() throws IOException {
    List<String> tags = new ArrayList<>();
    URI next = path("tags/list");
    for (int page = 0; page < MOST_TAG_PAGES; page++) {
      URI address = next;
      try (RegistryHttp.Answer answer = send(() -> HttpRequest.newBuilder(address), scope)) {
        byte[] body = answer.readBody(LARGEST_MANIFEST);
        requireStatus(answer, body, 200);
        JsonNode node = Json.parse(Json.text(body, "list of tags"), "list of tags");
        node.path("tags").forEach(tag -> tags.add(tag.asText()));
        Optional<URI> following = following(answer);
        if (following.isEmpty()) {
          return tags;
        }
        next = following.get();
      }
    }
    throw new IOException("too many tags in " + repository.name());
  }

  private Optional<URI> following(RegistryHttp.Answer answer) {
    return answer
        .header("Link")
        .filter(link -> link.contains("rel=\"next\"") && link.startsWith("<"))
        .map(link -> base.resolve(link.substring(1, link.indexOf('>'))))
        .filter(uri -> uri.getAuthority().equals(base.getAuthority()));
  }

  /** Whether the repository has a blob. */
  public boolean hasBlob(Digest digest) throws IOException {
    Supplier<HttpRequest.Builder> request =
        () ->
            HttpRequest.newBuilder(path("blobs/" + digest))
                .method("HEAD", HttpRequest.BodyPublishers.noBody());
    try (RegistryHttp.Answer answer = send(request, scope)) {
      if (answer.status() == 404) {
        return false;
      }
      requireStatus(answer, new byte[0], 200);
      return true;
    }
  }

  /**
   * Begins to bring a blob.
   *
   * @param mountFrom a repository of the same registry that may have it, or null
   * @return where to send it, or nothing when it was mounted from there
   */
  public Optional<URI> beginUpload(Digest digest, @Nullable String mountFrom) throws IOException {
    String query =
        mountFrom == null
            ? ""
            : "?mount=" + encode(digest.toString()) + "&from=" + encode(mountFrom);
    String wanted = mountFrom == null ? scope : scope + " repository:" + mountFrom + ":pull";
    Supplier<HttpRequest.Builder> request =
        () ->
            HttpRequest.newBuilder(path("blobs/uploads/" + query))
                .POST(HttpRequest.BodyPublishers.noBody());
    try (RegistryHttp.Answer answer = send(request, wanted)) {
      if (answer.status() == 201) {
        return Optional.empty();
      }
      requireStatus(answer, answer.readBody(LARGEST_ERROR), 202);
      String location =
          answer
              .header("Location")
              .orElseThrow(() -> new IOException("registry did not say where to upload to"));
      return Optional.of(answer.uri().resolve(location));
    }
  }

  /**
   * Sends a blob in one piece.
   *
   * @param content opened anew for each attempt
   */
  public void upload(URI location, Digest digest, long size, Supplier<InputStream> content)
      throws IOException {
    String separator = location.getRawQuery() == null ? "?" : "&";
    URI target = URI.create(location + separator + "digest=" + encode(digest.toString()));
    Supplier<HttpRequest.Builder> request =
        () ->
            HttpRequest.newBuilder(target)
                .header("Content-Type", "application/octet-stream")
                .PUT(
                    size == 0
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.fromPublisher(
                            HttpRequest.BodyPublishers.ofInputStream(content), size));
    try (RegistryHttp.Answer answer = send(request, scope)) {
      requireStatus(answer, answer.readBody(LARGEST_ERROR), 201);
    }
  }

  /** Puts a manifest under a tag or its digest. */
  public void putManifest(String tagOrDigest, String mediaType, byte[] manifest)
      throws IOException {
    Supplier<HttpRequest.Builder> request =
        () ->
            HttpRequest.newBuilder(path("manifests/" + tagOrDigest))
                .header("Content-Type", mediaType)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest));
    try (RegistryHttp.Answer answer = send(request, scope)) {
      requireStatus(answer, answer.readBody(LARGEST_ERROR), 201);
    }
  }

  private static void requireStatus(RegistryHttp.Answer answer, byte[] body, int wanted)
      throws RegistryException {
    if (answer.status() != wanted) {
      throw RegistryErrors.of(answer.status(), body);
    }
  }

  private URI path(String rest) {
    return base.resolve(repository.path() + "/" + rest);
  }

  /** Sends with authorization; a token that has run out is fetched anew once. */
  private RegistryHttp.Answer send(Supplier<HttpRequest.Builder> request, String wanted)
      throws IOException {
    RegistryHttp.Answer answer = http.send(authorized(request, wanted));
    if (answer.status() != 401) {
      return answer;
    }
    List<String> challenges = answer.headers("WWW-Authenticate");
    if (challenges.isEmpty()) {
      return answer;
    }
    answer.close();
    authorization.challengedBy(challenges);
    authorization.forget(wanted);
    return http.send(authorized(request, wanted));
  }

  private HttpRequest.Builder authorized(Supplier<HttpRequest.Builder> request, String wanted)
      throws IOException {
    HttpRequest.Builder builder = request.get().header("User-Agent", "berth");
    Optional<String> header =
        builder.build().uri().getAuthority().equals(base.getAuthority())
            ? authorization.header(wanted)
            : Optional.empty();
    header.ifPresent(value -> builder.header("Authorization", value));
    return builder;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}
