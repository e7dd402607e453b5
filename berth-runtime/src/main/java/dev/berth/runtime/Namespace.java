package dev.berth.runtime;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A name space of the container. A kind that is not listed is the host's.
 *
 * @param kind which
 * @param path one to join, such as {@code /proc/1234/ns/net}; null makes a new one
 */
public record Namespace(Kind kind, @Nullable Path path) {
  /** A new name space of that kind. */
  public static Namespace fresh(Kind kind) {
    return new Namespace(kind, null);
  }

  /** One that exists. */
  public static Namespace join(Kind kind, Path path) {
    return new Namespace(kind, path);
  }

  /** The kinds of namespaces(7). */
  public enum Kind {
    /** Process ids. */
    PID,
    /** Network. */
    NETWORK,
    /** Mounts; every container has one. */
    MOUNT,
    /** System V and POSIX message queues and shared memory. */
    IPC,
    /** Host and domain name. */
    UTS,
    /** User and group ids. */
    USER,
    /** The view of the cgroup tree. */
    CGROUP;

    /** The specification's word. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
