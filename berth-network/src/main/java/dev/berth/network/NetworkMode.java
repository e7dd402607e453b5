package dev.berth.network;

/**
 * Whose network namespace a container uses.
 *
 * @param kind how
 * @param containerId the full id of the namespace's owner for {@link Kind#CONTAINER}, else empty
 */
public record NetworkMode(Kind kind, String containerId) {
  /** Its own, with an endpoint on each of its networks. */
  public static final NetworkMode NETWORKS = new NetworkMode(Kind.NETWORKS, "");

  /** Its own, with nothing but loopback. */
  public static final NetworkMode NONE = new NetworkMode(Kind.NONE, "");

  /** The engine's. */
  public static final NetworkMode HOST = new NetworkMode(Kind.HOST, "");

  /** Another container's. */
  public static NetworkMode container(String containerId) {
    return new NetworkMode(Kind.CONTAINER, containerId);
  }

  /** The kinds of modes. */
  public enum Kind {
    /** Its own, with an endpoint on each of its networks. */
    NETWORKS,
    /** Its own, with nothing but loopback. */
    NONE,
    /** The engine's. */
    HOST,
    /** Another container's. */
    CONTAINER
  }
}
