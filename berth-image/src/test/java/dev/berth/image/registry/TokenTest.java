package dev.berth.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.image.Reference;
import dev.berth.image.RegistryCredentials;
import dev.berth.image.RegistrySettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that wants tokens, and its token server, as the specification describes them. */
final class TokenTest {
  private static final String MANIFEST = "{\"schemaVersion\":2}";

  private final List<String> tokenRequests = Collections.synchronizedList(new ArrayList<>());
  private TinyServer server;
  private int tokensGiven;

  @BeforeEach
  void start() throws IOException {
    server =
        new TinyServer(
            request -> request.path().equals("/token") ? token(request) : registry(request));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private String host() {
    return server.host();
  }

  private TinyServer.Answer registry(TinyServer.Request request) {
    String authorization = request.headers().getOrDefault("authorization", "");
    boolean valid =
        ("Bearer token" + tokensGiven).equals(authorization)
            || "Bearer ready".equals(authorization);
    if (valid) {
      return new TinyServer.Answer(200, MANIFEST);
    }
    String challenge =
        "Bearer realm=\"http://"
            + host()
            + "/token\",service=\"tests\",scope=\"repository:app:pull\"";
    return new TinyServer.Answer(
        401,
        Map.of("WWW-Authenticate", challenge),
        "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"no\"}]}");
  }

  private TinyServer.Answer token(TinyServer.Request request) {
    String who = decoded(request.headers().get("authorization"));
    tokenRequests.add(request.method() + " " + request.query() + " " + request.body() + " " + who);
    if (who.endsWith("wrong")) {
      return new TinyServer.Answer(401, "{\"details\":\"incorrect username or password\"}");
    }
    tokensGiven++;
    return new TinyServer.Answer(200, "{\"token\":\"token" + tokensGiven + "\"}");
  }

  private static String decoded(@Nullable String authorization) {
    return authorization == null
        ? "nobody"
        : new String(
            Base64.getDecoder().decode(authorization.substring("Basic ".length())),
            StandardCharsets.UTF_8);
  }

  private RegistryClient client(RegistryCredentials credentials) throws IOException {
    RegistryClient client =
        new RegistryClient(
            Reference.parse(host() + "/app"), credentials, RegistrySettings.DEFAULT, false);
    client.connect();
    return client;
  }

  @Test
  void fetchesATokenOnceAndAgainWhenItHasRunOut() throws IOException {
    try (RegistryClient client = client(RegistryCredentials.ANONYMOUS)) {
      assertThat(client.manifest("1").text()).isEqualTo(MANIFEST);
      client.manifest("1");
      assertThat(tokenRequests)
          .containsExactly("GET service=tests&scope=repository%3Aapp%3Apull  nobody");
      tokensGiven++;
      client.manifest("1");
      assertThat(tokenRequests).hasSize(2);
    }
  }

  @Test
  void keepsTokensToTheClientThatAskedForThem() throws IOException {
    RegistryCredentials known = new RegistryCredentials("me", "secret", null, null);
    try (RegistryClient client = client(known)) {
      client.manifest("1");
    }
    try (RegistryClient client = client(RegistryCredentials.ANONYMOUS)) {
      client.manifest("1");
    }
    assertThat(tokenRequests)
        .containsExactly(
            "GET service=tests&scope=repository%3Aapp%3Apull&account=me  me:secret",
            "GET service=tests&scope=repository%3Aapp%3Apull  nobody");
  }

  @Test
  void usesAnIdentityToken() throws IOException {
    RegistryCredentials identity = new RegistryCredentials(null, null, "refresh", null);
    try (RegistryClient client = client(identity)) {
      client.manifest("1");
    }
    assertThat(tokenRequests.getFirst())
        .startsWith("POST  grant_type=refresh_token&")
        .contains("refresh_token=refresh");
  }

  @Test
  void usesAReadyToken() throws IOException {
    RegistryCredentials ready = new RegistryCredentials(null, null, null, "ready");
    try (RegistryClient client = client(ready)) {
      client.manifest("1");
    }
    assertThat(tokenRequests).isEmpty();
  }

  @Test
  void saysWhyTheTokenServerRefused() throws IOException {
    RegistryCredentials wrong = new RegistryCredentials("me", "wrong", null, null);
    try (RegistryClient client = client(wrong)) {
      assertThatThrownBy(() -> client.manifest("1"))
          .hasMessage("unauthorized: incorrect username or password");
    }
  }

  @Test
  void readsChallenges() {
    Challenge challenge =
        Challenge.of(
                List.of(
                    "Basic realm=\"x\"", "bearer realm=\"a,\\\"b\",  service=c , scope=\"d e\""))
            .orElseThrow();
    assertThat(challenge.scheme()).isEqualTo("bearer");
    assertThat(challenge.parameter("realm")).isEqualTo("a,\"b");
    assertThat(challenge.parameter("service")).isEqualTo("c");
    assertThat(challenge.parameter("scope")).isEqualTo("d e");
    assertThat(Challenge.of(List.of("Negotiate", ""))).isEmpty();
  }

  @Test
  void knowsWhichRegistriesAreInsecure() {
    RegistrySettings settings =
        new RegistrySettings(List.of("plain.example:5000", "10.1.0.0/16"), List.of(), 3, 5);
    for (String host :
        List.of(
            "localhost",
            "localhost:1",
            "127.9.9.9:5000",
            "[::1]:5000",
            "plain.example:5000",
            "10.1.2.3:80")) {
      assertThat(RegistryEndpoint.of(host, settings).insecure()).as(host).isTrue();
    }
    for (String host : List.of("docker.io", "plain.example", "10.2.0.1", "localhost.example")) {
      assertThat(RegistryEndpoint.of(host, settings).insecure()).as(host).isFalse();
    }
    assertThat(RegistryEndpoint.of("docker.io", settings).base(true))
        .hasToString("https://registry-1.docker.io/v2/");
  }
}
