package dev.berth.server;

/**
 * What the engine says about its own build.
 *
 * @param version such as {@code 0.1.0}
 * @param commit of the source, abbreviated; empty when it is not known
 * @param built when, in RFC 3339; empty when it is not known
 */
public record Product(String version, String commit, String built) {}
