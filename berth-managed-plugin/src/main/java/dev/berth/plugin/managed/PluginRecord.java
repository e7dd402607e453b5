package dev.berth.plugin.managed;

import dev.berth.image.Descriptor;
import dev.berth.image.Digest;
import dev.berth.image.PluginArtifact;
import java.util.List;

/**
 * A plugin as it is kept.
 *
 * @param id 64 hexadecimal digits
 * @param name with its tag, as users say it
 * @param remote the reference that it came from, or empty for one that was made here
 * @param configuration the author's document, to the byte
 * @param layers of its root file system, compressed, in the folder of blobs
 * @param settings what it runs with
 * @param enabled whether it is to run
 */
record PluginRecord(
    String id,
    String name,
    String remote,
    String configuration,
    List<Layer> layers,
    PluginSettings settings,
    boolean enabled) {

  PluginRecord {
    layers = List.copyOf(layers);
  }

  /**
   * A layer.
   *
   * @param mediaType its form
   * @param digest of the blob
   * @param bytes its length
   */
  record Layer(String mediaType, String digest, long bytes) {
    static Layer of(Descriptor descriptor) {
      return new Layer(descriptor.mediaType(), descriptor.digest().toString(), descriptor.size());
    }

    Descriptor descriptor() {
      return new Descriptor(mediaType, Digest.parse(digest), bytes);
    }
  }

  PluginArtifact artifact() {
    return new PluginArtifact(configuration, layers.stream().map(Layer::descriptor).toList());
  }

  PluginRecord withEnabled(boolean wanted) {
    return new PluginRecord(id, name, remote, configuration, layers, settings, wanted);
  }

  PluginRecord withSettings(PluginSettings wanted) {
    return new PluginRecord(id, name, remote, configuration, layers, wanted, enabled);
  }
}
