package dev.berth.image;

import java.util.List;

/**
 * A plugin as a registry holds it.
 *
 * @param configuration the author's document, to the byte
 * @param layers of the root file system, compressed, the lowest first
 */
public record PluginArtifact(String configuration, List<Descriptor> layers) {

  /** Copies the layers. */
  public PluginArtifact {
    layers = List.copyOf(layers);
  }
}
