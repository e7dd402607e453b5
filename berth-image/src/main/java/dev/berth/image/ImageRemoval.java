package dev.berth.image;

/** One thing that a removal did, in the order in which it did them. */
public sealed interface ImageRemoval {

  /**
   * A reference was removed.
   *
   * @param reference the familiar name with tag or digest
   */
  record Untagged(String reference) implements ImageRemoval {}

  /**
   * An image or a layer was deleted.
   *
   * @param digest the image's id or the layer's chain id
   * @param freedBytes the size of the layer unpacked; 0 for an image
   */
  record Deleted(Digest digest, long freedBytes) implements ImageRemoval {}
}
