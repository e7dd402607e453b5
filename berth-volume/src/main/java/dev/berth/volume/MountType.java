package dev.berth.volume;

import java.util.Optional;

/** What a mount shows. */
public enum MountType {
  /** A file or directory of the host. */
  BIND("bind"),
  /** A volume. */
  VOLUME("volume"),
  /** A file system in memory. */
  TMPFS("tmpfs"),
  /** The content of an image. */
  IMAGE("image");

  private final String word;

  MountType(String word) {
    this.word = word;
  }

  /** Docker's word for it. */
  public String word() {
    return word;
  }

  /** The type for Docker's word; empty for one that Linux does not have. */
  static Optional<MountType> of(String word) {
    for (MountType type : values()) {
      if (type.word.equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
