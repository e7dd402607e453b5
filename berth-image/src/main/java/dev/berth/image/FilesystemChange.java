package dev.berth.image;

/**
 * One difference between a container's files and its image's.
 *
 * @param kind what happened
 * @param path absolute, in the container
 */
public record FilesystemChange(Kind kind, String path) {

  /** What happened to a path; {@link #ordinal()} is the API's number. */
  public enum Kind {
    /** Something in it, or its own data or attributes changed. */
    MODIFIED,
    /** New. */
    ADDED,
    /** Removed. */
    DELETED
  }
}
