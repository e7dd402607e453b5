package dev.berth.image;

import java.util.List;

/**
 * An image as its registry has it.
 *
 * @param descriptor of its manifest or index
 * @param platforms it is there for
 */
public record RemoteImage(Descriptor descriptor, List<Platform> platforms) {

  /** Copies the list. */
  public RemoteImage {
    platforms = List.copyOf(platforms);
  }
}
