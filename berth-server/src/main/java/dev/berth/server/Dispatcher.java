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
    ApiVersion version = ApiVersion.MAXIMUM;
    if (startsWithVersion(path)) {
      int end = path.indexOf('/', 2);
      Optional<ApiVersion> named = ApiVersion.parse(path.substring(2, end));
      if (named.isEmpty()) {
        throw EngineException.notFound("page not found");
      }
      version = named.get();
      path = path.substring(end);
    }
    Router.Match match =
        router
            .find(exchange.method(), path)
            .orElseThrow(() -> EngineException.notFound("page not found"));
    if (version.compareTo(ApiVersion.MINIMUM) < 0) {
      exchange.replyText(400, tooOld(version) + "\n");
      return;
    }
    if (version.compareTo(ApiVersion.MAXIMUM) > 0) {
      throw EngineException.invalid(
          "client version "
              + version
              + " is too new. Maximum supported API version is "
              + ApiVersion.MAXIMUM);
    }
    if (version.compareTo(match.route().since()) < 0) {
      throw EngineException.notFound("page not found");
    }
    exchange.routed(version, match.name());
    match.route().handler().handle(exchange);
  }

  private static String tooOld(ApiVersion version) {
    return "client version "
        + version
        + " is too old. Minimum supported API version is "
        + ApiVersion.MINIMUM
        + ", please upgrade your client to a newer version";
  }

  private static boolean startsWithVersion(String path) {
    if (path.length() < 4 || path.charAt(1) != 'v' || path.indexOf('/', 2) < 0) {
      return false;
    }
    char first = path.charAt(2);
    return first >= '0' && first <= '9';
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
