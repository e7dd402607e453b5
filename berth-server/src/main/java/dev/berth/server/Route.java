package dev.berth.server;

import org.jspecify.annotations.Nullable;

/**
 * One endpoint of the API.
 *
 * @param method in capitals
 * @param pattern the path without a version; one place for a name at most, such as {@code
 *     /containers/{name}/json}, which takes slashes too
 * @param since the version that it came with
 * @param handler serves it
 */
public record Route(String method, String pattern, ApiVersion since, Handler handler) {
  private static final String NO_NAME = "";

  /** Refuses a pattern with two places for names. */
  public Route {
    if (pattern.indexOf('{') != pattern.lastIndexOf('{')) {
      throw new IllegalArgumentException("two names in " + pattern);
    }
  }

  static Route get(String pattern, Handler handler) {
    return new Route("GET", pattern, ApiVersion.MINIMUM, handler);
  }

  static Route head(String pattern, Handler handler) {
    return new Route("HEAD", pattern, ApiVersion.MINIMUM, handler);
  }

  static Route post(String pattern, Handler handler) {
    return new Route("POST", pattern, ApiVersion.MINIMUM, handler);
  }

  static Route put(String pattern, Handler handler) {
    return new Route("PUT", pattern, ApiVersion.MINIMUM, handler);
  }

  static Route delete(String pattern, Handler handler) {
    return new Route("DELETE", pattern, ApiVersion.MINIMUM, handler);
  }

  /** The same from 1.{@code minor} on. */
  Route from(int minor) {
    return new Route(method, pattern, ApiVersion.of(minor), handler);
  }

  /** The first word of the path, by which routes are found. */
  String area() {
    return area(pattern);
  }

  static String area(String path) {
    int end = path.indexOf('/', 1);
    return end < 0 ? path : path.substring(0, end);
  }

  /** What stands for the name in a decoded path; null when the path is another one. */
  @Nullable String match(String requestMethod, String path) {
    if (!method.equals(requestMethod)) {
      return null;
    }
    int open = pattern.indexOf('{');
    if (open < 0) {
      return pattern.equals(path) ? NO_NAME : null;
    }
    int close = pattern.indexOf('}');
    int suffix = pattern.length() - close - 1;
    boolean matches =
        path.length() > open + suffix
            && path.startsWith(pattern.substring(0, open))
            && path.endsWith(pattern.substring(close + 1));
    return matches ? path.substring(open, path.length() - suffix) : null;
  }
}
