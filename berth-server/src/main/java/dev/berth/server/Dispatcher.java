package dev.berth.server;

import dev.berth.api.ErrorResponse;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.Optional;

/**
 * What every request goes through: common headers, the version in the path, the route, the handler,
 * and the answer for whatever went wrong.
 */
final class Dispatcher {
  private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());

  private final Router router;
  private final String serverHeader;

  /**
   * @param serverVersion of the engine, for the Server header
   */
  Dispatcher(Router router, String serverVersion) {
    this.router = router;
    this.serverHeader = "Berth/" + serverVersion + " (linux)";
  }

  void dispatch(Exchange exchange) {
    exchange.answerHeader("Api-Version", ApiVersion.MAXIMUM.toString());
    exchange.answerHeader("Docker-Experimental", "false");
    exchange.answerHeader("Ostype", "linux");
    exchange.answerHeader("Server", serverHeader);
    try {
      try {
        serve(exchange);
      } catch (EngineException refused) {
        refuse(exchange, refused);
      }
    } catch (IOException | InterruptedException clientGone) {
      LOG.log(System.Logger.Level.DEBUG, "the client left", clientGone);
      exchange.breakOff();
    } catch (RuntimeException | Error defect) {
      report(exchange, defect);
    }
  }

  private void serve(Exchange exchange) throws IOException, InterruptedException {
    String path = decoded(exchange.rawPath());
    String named = namedVersion(path);
    if (!named.isEmpty()) {
      path = path.substring("/v".length() + named.length());
    }
    Optional<Router.Match> match = router.find(exchange.method(), path);
    boolean askedForOptions = exchange.method().equals("OPTIONS");
    if (match.isEmpty() && !askedForOptions) {
      throw EngineException.notFound("page not found");
    }
    ApiVersion version = named.isEmpty() ? ApiVersion.MAXIMUM : ApiVersion.parse(named);
    if (version.compareTo(ApiVersion.MINIMUM) < 0) {
      exchange.replyText(400, tooOld(named) + "\n");
      return;
    }
    if (version.compareTo(ApiVersion.MAXIMUM) > 0) {
      throw EngineException.invalid(
          "client version "
              + named
              + " is too new. Maximum supported API version is "
              + ApiVersion.MAXIMUM);
    }
    if (match.isEmpty()) {
      exchange.reply(200);
      return;
    }
    exchange.routed(version, match.get().name());
    match.get().route().handler().handle(exchange);
  }

  private static String tooOld(String version) {
    return "client version "
        + version
        + " is too old. Minimum supported API version is "
        + ApiVersion.MINIMUM
        + ", please upgrade your client to a newer version";
  }

  /** The digits and dots behind {@code /v} where another part of the path follows; else empty. */
  private static String namedVersion(String path) {
    if (!path.startsWith("/v")) {
      return "";
    }
    int end = 2;
    while (end < path.length() && (path.charAt(end) == '.' || isDigit(path.charAt(end)))) {
      end++;
    }
    return end < path.length() && path.charAt(end) == '/' ? path.substring(2, end) : "";
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  private static String decoded(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    try {
      return QueryStringDecoder.decodeComponent(path.replace("+", "%2B"));
    } catch (IllegalArgumentException malformed) {
      throw EngineException.invalid("invalid URL escape in path: " + path);
    }
  }

  private static void refuse(Exchange exchange, EngineException refused) throws IOException {
    if (refused.kind() == ErrorKind.INTERNAL || refused.getCause() != null) {
      LOG.log(System.Logger.Level.DEBUG, exchange.method() + " " + exchange.rawPath(), refused);
    }
    if (exchange.answered()) {
      LOG.log(System.Logger.Level.WARNING, "failed after its answer had begun: " + refused.text());
      exchange.breakOff();
    } else if (refused.kind() == ErrorKind.NOT_MODIFIED) {
      exchange.reply(304);
    } else {
      exchange.reply(status(refused.kind()), new ErrorResponse(refused.text()));
    }
  }

  private static void report(Exchange exchange, Throwable defect) {
    LOG.log(
        System.Logger.Level.ERROR,
        exchange.method() + " " + exchange.rawPath() + " failed",
        defect);
    try {
      if (exchange.answered()) {
        exchange.breakOff();
      } else {
        exchange.reply(500, new ErrorResponse("internal error; the engine's log says more"));
      }
    } catch (IOException clientGone) {
      exchange.breakOff();
    }
  }

  /** The one place where kinds of errors become HTTP. */
  static int status(ErrorKind kind) {
    return switch (kind) {
      case INVALID -> 400;
      case UNAUTHORIZED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case CONFLICT -> 409;
      case NOT_MODIFIED -> 304;
      case NOT_IMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case INTERNAL -> 500;
    };
  }
}
