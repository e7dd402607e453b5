package dev.berth.server;

import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How a client asks for a websocket. Source: RFC 6455, section 4.2.
 *
 * @param key that the client made for this connection
 * @param protocol the one protocol that it offered; empty for none, or several to choose from
 */
record WebSocketHandshake(String key, String protocol) {
  private static final String VERSION = "13";
  private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
  private static final Pattern PROTOCOL = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  /**
   * Reads the request's headers.
   *
   * @throws EngineException of kind INVALID when it asks for no websocket, or for another version
   */
  static WebSocketHandshake of(Exchange exchange) {
    boolean upgrade =
        exchange.header("Upgrade").equalsIgnoreCase("websocket")
            && exchange.header("Connection").toLowerCase(Locale.ROOT).contains("upgrade");
    if (!upgrade) {
      throw EngineException.invalid(
          "the request asks for no websocket: its Upgrade and Connection headers do not say so");
    }
    if (!exchange.header("Sec-WebSocket-Version").equals(VERSION)) {
      exchange.answerHeader("Sec-WebSocket-Version", VERSION);
      throw EngineException.invalid(
          "unsupported websocket version "
              + GoQuote.quote(exchange.header("Sec-WebSocket-Version"))
              + ": must be "
              + VERSION);
    }
    String key = exchange.header("Sec-WebSocket-Key");
    if (!KEY.matcher(key).matches()) {
      throw EngineException.invalid(
          "malformed Sec-WebSocket-Key header (" + key + "): must be 16 bytes in base64");
    }
    String protocol = exchange.header("Sec-WebSocket-Protocol").strip();
    return new WebSocketHandshake(key, PROTOCOL.matcher(protocol).matches() ? protocol : "");
  }

  /** The lines of the answer's head, without the empty one at its end. */
  String answer() {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + accept()
        + "\r\n"
        + (protocol.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n");
  }

  private String accept() {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + SUFFIX).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
