package dev.berth.image;

import java.util.List;

/**
 * What an image is made of. Source: OCI image specification, "Image Manifest"; Docker image
 * manifest version 2 schema 2.
 *
 * @param mediaType which of the two forms it has
 * @param config the image configuration; its digest is the image's id
 * @param layers the lowest first
 */
public record Manifest(String mediaType, Descriptor config, List<Descriptor> layers) {

  /** Copies the layers. */
  public Manifest {
    layers = List.copyOf(layers);
  }
}
