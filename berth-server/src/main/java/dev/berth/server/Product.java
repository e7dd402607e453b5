package dev.berth.server;

/**
 * What the engine says about its own build.
 *
 * @param version such as {@code 0.1.0}
 * @param commit of the source, abbreviated; empty when it is not known
 * @param built when, in RFC 3339; empty when it is not known
 */
public record Product(String version, String commit, String built) {
  /**
   * The Docker Engine whose API and behaviour this is. Clients compare the server's version with
   * the least they work with, so it is what they are told; the engine's own stands among the
   * components.
   */
  static final String DOCKER_VERSION = "28.5.2";
}
