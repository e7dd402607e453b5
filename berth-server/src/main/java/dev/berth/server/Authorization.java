package dev.berth.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.plugin.Plugin;
import dev.berth.plugin.PluginPatience;
import dev.berth.plugin.PluginSource;
import dev.berth.plugin.Plugins;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/**
 * Asks authorization plugins before a request is served and again before its answer leaves. All of
 * them must allow it, in their order. Whatever keeps a plugin from answering denies: one that is
 * gone, that fails, that takes too long, or a body too large to be shown.
 *
 * <p>A plugin sees the very bytes that the handler reads, because the body is read once and kept
 * for both. Safe for use by any thread.
 *
 * @see <a href="https://docs.docker.com/engine/extend/plugins_authorization/">the protocol</a>
 */
public final class Authorization {
  private static final System.Logger LOG = System.getLogger(Authorization.class.getName());
  private static final String INTERFACE = "authz";
  private static final String REQUEST = "AuthZPlugin.AuthZReq";
  private static final String ANSWER = "AuthZPlugin.AuthZRes";
  private static final int LIMIT_BYTES = 4 * 1024 * 1024;
  private static final Set<String> SECRET =
      Set.of("authorization", "x-registry-config", "x-registry-auth");
  private static final Set<String> TRANSPORT = Set.of("host", "transfer-encoding", "trailer");

  private final Plugins plugins;
  private final Duration patience;
  private volatile List<String> chain = List.of();

  /**
   * @param plugins among which they are looked for
   * @param patience for each of their answers
   */
  public Authorization(Plugins plugins, Duration patience) {
    this.plugins = plugins;
    this.patience = patience;
  }

  /** Nobody is asked. */
  public static Authorization none() {
    return new Authorization(
        new Plugins(PluginSource.NONE, PluginPatience.DEFAULT), Duration.ofSeconds(1));
  }

  /** Who is asked, in this order. */
  public List<String> names() {
    return chain;
  }

  /**
   * Asks these from now on.
   *
   * @throws EngineException that names the first one that is not there or is no such plugin; the
   *     former ones stay then
   */
  public void use(List<String> names) {
    List<String> wanted = names.stream().distinct().toList();
    for (String name : wanted) {
      try {
        find(name);
      } catch (EngineException unusable) {
        throw new EngineException(
            unusable.kind(),
            "failed to validate authorization plugin: " + unusable.text(),
            unusable);
      }
    }
    chain = wanted;
  }

  /**
   * Asks this one no more, since its administrator has switched it off.
   *
   * @param name with its tag
   */
  void forget(String name) {
    chain =
        chain.stream()
            .filter(other -> !other.equals(name) && !(other + ":latest").equals(name))
            .toList();
  }

  /**
   * Passes if all plugins allow the request, and lets them be asked about its answer.
   *
   * @param path decoded and without version
   * @throws EngineException FORBIDDEN where one denies, INTERNAL where one cannot be asked
   */
  void ask(Exchange exchange, String path) throws IOException {
    List<String> asked = chain;
    if (asked.isEmpty()) {
      return;
    }
    boolean secret = path.startsWith("/auth");
    byte @Nullable [] body = null;
    if (!secret && !exchange.bodyIsEmpty() && JsonBody.isJson(exchange.header("Content-Type"))) {
      body = exchange.holdBody(LIMIT_BYTES);
    }
    byte @Nullable [] shown = body;
    Supplier<ObjectNode> request = () -> request(exchange, shown);
    asked.forEach(name -> ask(name, REQUEST, request.get()));
    exchange.checkAnswer((status, headers, content) ->
        chain.forEach(name ->
            ask(name, ANSWER, answer(request.get(), status, headers, secret ? null : content))));
  }

  private Plugin find(String name) {
    Plugin plugin =
        plugins
            .find(INTERFACE, name)
            .orElseThrow(() -> EngineException.notFound("plugin \"" + name + "\" not found"));
    plugin.require(INTERFACE);
    return plugin;
  }

  private void ask(String name, String method, ObjectNode question) {
    JsonNode verdict;
    try {
      verdict = find(name).ask(method, question, patience);
    } catch (EngineException failed) {
      LOG.log(System.Logger.Level.ERROR, method + " of plugin " + name + ": " + failed.text());
      throw EngineException.internal(
          "plugin " + name + " failed with error: " + failed.text(), failed);
    }
    if (!verdict.path("Allow").asBoolean(false)) {
      throw EngineException.forbidden(
          "authorization denied by plugin " + name + ": " + verdict.path("Msg").asText(""));
    }
  }

  private static ObjectNode request(Exchange exchange, byte @Nullable [] body) {
    ObjectNode request = Json.MAPPER.createObjectNode();
    List<X509Certificate> certificates = exchange.peerCertificates();
    if (!certificates.isEmpty()) {
      request.put("User", commonName(certificates.getFirst()));
      request.put("UserAuthNMethod", "TLS");
    }
    request.put("RequestMethod", exchange.method());
    request.put("RequestUri", PlainTarget.of(exchange.target()));
    if (body != null && body.length > 0) {
      request.put("RequestBody", body);
    }
    putHeaders(request.putObject("RequestHeaders"), exchange.headers());
    if (!certificates.isEmpty()) {
      var shown = request.putArray("RequestPeerCertificates");
      certificates.forEach(certificate -> shown.add(pem(certificate)));
    }
    return request;
  }

  private static ObjectNode answer(
      ObjectNode request, int status, HttpHeaders headers, byte @Nullable [] content) {
    request.put("ResponseStatusCode", status);
    boolean json = JsonBody.isJson(String.valueOf(headers.get("Content-Type")));
    if (json && content != null && content.length > LIMIT_BYTES) {
      throw EngineException.internal(
          "response body too large for authorization plugin: size exceeds "
              + LIMIT_BYTES
              + " bytes",
          null);
    }
    if (json && content != null && content.length > 0) {
      request.put("ResponseBody", content);
    }
    putHeaders(request.putObject("ResponseHeaders"), headers);
    return request;
  }

  /** The first of several headers of a name, since that is the one that is obeyed. */
  private static void putHeaders(ObjectNode target, HttpHeaders headers) {
    for (String name : headers.names()) {
      String plain = name.toLowerCase(Locale.ROOT);
      if (!SECRET.contains(plain) && !TRANSPORT.contains(plain)) {
        target.put(canonical(plain), headers.get(name));
      }
    }
  }

  /** As Go writes it: {@code Content-Type}. */
  private static String canonical(String name) {
    StringBuilder text = new StringBuilder(name.length());
    boolean capital = true;
    for (int i = 0; i < name.length(); i++) {
      char letter = name.charAt(i);
      text.append(capital ? Character.toUpperCase(letter) : letter);
      capital = letter == '-';
    }
    return text.toString();
  }

  private static String commonName(X509Certificate certificate) {
    try {
      LdapName subject = new LdapName(certificate.getSubjectX500Principal().getName());
      for (Rdn part : subject.getRdns().reversed()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return String.valueOf(part.getValue());
        }
      }
    } catch (InvalidNameException nameless) {
      LOG.log(System.Logger.Level.DEBUG, "the subject of a certificate cannot be read", nameless);
    }
    return "";
  }

  /** A certificate as Go marshals its PEM bytes: base64 of the text, which holds base64 itself. */
  private static byte[] pem(X509Certificate certificate) {
    try {
      String content =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      String text =
          "-----BEGIN CERTIFICATE-----\n" + content + "\n-----END CERTIFICATE-----\n";
      return text.getBytes(StandardCharsets.US_ASCII);
    } catch (CertificateEncodingException impossible) {
      throw EngineException.internal("the client's certificate cannot be encoded", impossible);
    }
  }
}
