package dev.berth.image;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Points to content by digest, with its type and length. Source: OCI image specification, "Content
 * Descriptors".
 *
 * @param mediaType what it is
 * @param digest names and verifies it
 * @param size its length in bytes
 * @param platform what an image manifest in an index is for, or null
 * @param annotations free facts
 */
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    @Nullable Platform platform,
    Map<String, String> annotations) {

  /** Copies the annotations. */
  public Descriptor {
    annotations = Map.copyOf(annotations);
  }

  /** One without platform and annotations. */
  public Descriptor(String mediaType, Digest digest, long size) {
    this(mediaType, digest, size, null, Map.of());
  }
}
