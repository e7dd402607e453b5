package dev.berth.server;

import org.jspecify.annotations.Nullable;

/**
 * One endpoint of the API.
 *
 * @param method in capitals
 * @param pattern the path without a version; one place for a name at most, such as {@code
 *     /containers/{name}/json}, which takes slashes too, and one more at its end for a word without
 * @param since the version that it came with; older clients are served as well, as dockerd does
 * @param handler serves it
 * @param refusal why the endpoint is only there to refuse; empty for one that serves
 */
public record Route(
    String method, String pattern, ApiVersion since, Handler handler, String refusal) {
  private static final String NO_NAME = "";

  /** Refuses a pattern with more places for names than can be told apart. */
  public Route {
    int second = pattern.lastIndexOf('{');
    boolean several = pattern.indexOf('{') != second;
    if (several && (!pattern.endsWith("}") || pattern.charAt(second - 1) != '/')) {
      throw new IllegalArgumentException("names that cannot be told apart in " + pattern);
    }
  }

  static Route get(String pattern, Handler handler) {
    return new Route("GET", pattern, ApiVersion.MINIMUM, handler, "");
  }

  static Route head(String pattern, Handler handler) {
    return new Route("HEAD", pattern, ApiVersion.MINIMUM, handler, "");
  }

  static Route post(String pattern, Handler handler) {
    return new Route("POST", pattern, ApiVersion.MINIMUM, handler, "");
  }

  static Route put(String pattern, Handler handler) {
    return new Route("PUT", pattern, ApiVersion.MINIMUM, handler, "");
  }

  static Route delete(String pattern, Handler handler) {
    return new Route("DELETE", pattern, ApiVersion.MINIMUM, handler, "");
  }

  /** The same from 1.{@code minor} on. */
  Route from(int minor) {
    return new Route(method, pattern, ApiVersion.of(minor), handler, refusal);
  }

  /** The same, known to do nothing but refuse. */
  Route refusing(String why) {
    return new Route(method, pattern, since, handler, why);
  }

  /** The first word of the path, by which routes are found. */
  String area() {
    return area(pattern);
  }

  static String area(String path) {
    int end = path.indexOf('/', 1);
    return end < 0 ? path : path.substring(0, end);
  }

  /** What stands for the first name in a decoded path; null when the path is another one. */
  @Nullable String match(String requestMethod, String path) {
    return method.equals(requestMethod) ? nameIn(pattern, path) : null;
  }

  private static @Nullable String nameIn(String pattern, String path) {
    int open = pattern.indexOf('{');
    if (open < 0) {
      return pattern.equals(path) ? NO_NAME : null;
    }
    if (pattern.lastIndexOf('{') > open) {
      int word = path.lastIndexOf('/') + 1;
      return word == path.length() || word == 0
          ? null
          : nameIn(pattern.substring(0, pattern.lastIndexOf('/')), path.substring(0, word - 1));
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
