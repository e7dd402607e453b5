package dev.berth.image.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Requests to one registry. Redirects are followed a few times, without the authorization when they
 * lead elsewhere, and never from TLS to plain HTTP unless the registry is insecure anyway. An
 * answer whose body stops coming is given up.
 */
final class RegistryHttp implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(5);
  private static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);
  private static final int MOST_REDIRECTS = 5;

  private final HttpClient client;
  private final boolean insecure;

  RegistryHttp(boolean insecure) {
    this.insecure = insecure;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(new EnvironmentProxies(System.getenv()));
    if (insecure) {
      builder.sslContext(trustingEverything());
    }
    this.client = builder.build();
  }

  /** The token server's address; it must be HTTP or HTTPS. */
  URI realm(String text) throws IOException {
    try {
      URI realm = URI.create(text);
      String scheme = String.valueOf(realm.getScheme());
      if (realm.getHost() != null && (scheme.equals("https") || scheme.equals("http"))) {
        return realm;
      }
    } catch (IllegalArgumentException malformed) {
      // Falls through: the answer is the same.
    }
    throw new IOException("invalid authorization realm: \"" + text + "\"");
  }

  /** An answer; its body is read once, then it is closed. */
  static final class Answer implements AutoCloseable {
    private final HttpResponse<InputStream> response;

    Answer(HttpResponse<InputStream> response) {
      this.response = response;
    }

    int status() {
      return response.statusCode();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    List<String> headers(String name) {
      return response.headers().allValues(name);
    }

    URI uri() {
      return response.uri();
    }

    /** The body as it comes; fails when nothing comes for a while. */
    InputStream body() {
      return new Guarded(response.body());
    }

    byte[] readBody(int limit) throws IOException {
      try (InputStream body = body()) {
        byte[] content = body.readNBytes(limit + 1);
        if (content.length > limit) {
          throw new IOException("answer of " + response.uri() + " is too long");
        }
        return content;
      }
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  Answer send(HttpRequest.Builder request) throws IOException {
    HttpRequest current = request.timeout(ANSWER_TIMEOUT).build();
    for (int hops = 0; ; hops++) {
      HttpResponse<InputStream> response = sendOnce(current);
      Optional<String> location = response.headers().firstValue("Location");
      boolean redirect =
          location.isPresent()
              && List.of(301, 302, 303, 307, 308).contains(response.statusCode())
              && List.of("GET", "HEAD").contains(current.method());
      if (!redirect) {
        return new Answer(response);
      }
      response.body().close();
      if (hops >= MOST_REDIRECTS) {
        throw new IOException("too many redirects from " + request.build().uri());
      }
      current = redirected(current, current.uri().resolve(location.get()));
    }
  }

  private HttpRequest redirected(HttpRequest from, URI to) throws IOException {
    boolean downgrade = "https".equals(from.uri().getScheme()) && !"https".equals(to.getScheme());
    if (downgrade && !insecure) {
      throw new IOException("refusing to follow a redirect from HTTPS to " + to.getScheme());
    }
    boolean sameOrigin =
        String.valueOf(from.uri().getAuthority()).equals(to.getAuthority())
            && String.valueOf(from.uri().getScheme()).equals(to.getScheme());
    return HttpRequest.newBuilder(
            from, (name, value) -> sameOrigin || !name.equalsIgnoreCase("Authorization"))
        .uri(to)
        .build();
  }

  private HttpResponse<InputStream> sendOnce(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new IOException(dialError(request, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("context canceled");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private static String dialError(HttpRequest request, IOException cause) {
    URI uri = request.uri();
    int port = uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    String start = titled(request.method()) + " \"" + uri + "\": ";
    if (cause instanceof HttpConnectTimeoutException) {
      return start + "dial tcp " + uri.getHost() + ":" + port + ": i/o timeout";
    }
    boolean unknown = hasCause(cause, java.nio.channels.UnresolvedAddressException.class);
    String host = uri.getHost().equals("localhost") ? "127.0.0.1" : uri.getHost();
    return unknown
        ? start + "dial tcp: lookup " + uri.getHost() + ": no such host"
        : start + "dial tcp " + host + ":" + port + ": connect: connection refused";
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static String titled(String method) {
    return method.charAt(0) + method.substring(1).toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /** Closes a body that has stopped coming, which fails the read that waits for it. */
  private static final class Guarded extends FilterInputStream {
    private final AtomicLong lastRead = new AtomicLong(System.nanoTime());
    private final Thread guard;

    Guarded(InputStream body) {
      super(body);
      this.guard = Thread.ofVirtual().name("registry-stall").start(this::watch);
    }

    private void watch() {
      try {
        while (true) {
          Thread.sleep(STALL_TIMEOUT.dividedBy(6));
          if (System.nanoTime() - lastRead.get() > STALL_TIMEOUT.toNanos()) {
            in.close();
            return;
          }
        }
      } catch (InterruptedException | IOException over) {
        // The body was read or given up.
      }
    }

    @Override
    public int read() throws IOException {
      lastRead.set(System.nanoTime());
      return super.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      lastRead.set(System.nanoTime());
      return super.read(into, offset, length);
    }

    @Override
    public void close() throws IOException {
      guard.interrupt();
      super.close();
    }
  }

  private static SSLContext trustingEverything() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new AssertionError("every Java platform has TLS", impossible);
    }
  }

  /**
   * For registries that the administrator has declared insecure; an extended one checks no name.
   */
  private static final class Trusting extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
