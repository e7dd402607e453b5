package dev.berth.image;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.core.EngineException;
import dev.berth.image.content.ConfigurationCodec;
import dev.berth.image.content.Json;
import dev.berth.image.content.LayerSession;
import dev.berth.image.content.ManifestCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which images an archive holds: by {@code manifest.json}, as Docker writes it, else by {@code
 * index.json} of an OCI layout. Everything that is named must be there and have the digest it is
 * named by.
 */
final class ArchiveImages {
  private static final String CONTAINERD_NAME = "io.containerd.image.name";
  private static final String OCI_NAME = "org.opencontainers.image.ref.name";
  private static final int DEEPEST_INDEX = 4;

  private final ArchiveContents contents;
  private final LayerSession session;
  private final @Nullable Platform wanted;

  /**
   * @param wanted only images for this platform, or null for all
   */
  ArchiveImages(ArchiveContents contents, LayerSession session, @Nullable Platform wanted) {
    this.contents = contents;
    this.session = session;
    this.wanted = wanted;
  }

  List<ImageAdder.Addition> additions() {
    byte[] docker = contents.document("manifest.json");
    if (docker != null) {
      List<ImageAdder.Addition> additions =
          dockerArchive(Json.parse(Json.text(docker, "manifest.json"), "manifest.json"));
      if (additions.isEmpty() && wanted != null) {
        throw EngineException.invalid("invalid archive: no image for " + wanted);
      }
      return additions;
    }
    byte[] index = contents.document("index.json");
    if (index == null) {
      throw EngineException.invalid(
          "invalid archive: does not contain a manifest.json or an index.json");
    }
    List<ImageAdder.Addition> additions = new ArrayList<>();
    JsonNode node = Json.parse(Json.text(index, "index.json"), "index.json");
    for (Descriptor entry : ManifestCodec.index(node)) {
      ImageAdder.Addition addition = layoutImage(entry, names(entry.annotations()), 0);
      if (addition != null) {
        additions.add(addition);
      }
    }
    if (additions.isEmpty()) {
      throw EngineException.invalid("invalid archive: no image for " + machine());
    }
    return additions;
  }

  /** The machine that the images are for. */
  private Platform machine() {
    Platform asked = wanted;
    return asked == null ? Platform.host() : asked;
  }

  private boolean isWanted(String configuration) {
    Platform asked = wanted;
    return asked == null
        || ConfigurationCodec.parse(configuration).platform().distanceFrom(asked) >= 0;
  }

  private List<ImageAdder.Addition> dockerArchive(JsonNode images) {
    List<ImageAdder.Addition> additions = new ArrayList<>();
    for (JsonNode image : images) {
      String path = image.path("Config").asText();
      byte[] configuration = contents.document(path);
      if (configuration == null) {
        throw EngineException.invalid("invalid archive: no such file: " + path);
      }
      verifyNamed(path, configuration);
      String text = Json.text(configuration, "image configuration");
      if (!isWanted(text)) {
        continue;
      }
      List<Digest> layers = new ArrayList<>();
      for (JsonNode layer : image.path("Layers")) {
        layers.add(layer(layer.asText()).diffId());
      }
      List<Reference> names = new ArrayList<>();
      for (JsonNode tag : image.path("RepoTags")) {
        names.add(Reference.parseTagged(tag.asText()));
      }
      verifyLayers(text, layers);
      additions.add(new ImageAdder.Addition(text, null, null, names));
    }
    return additions;
  }

  private ArchiveContents.Layer layer(String path) {
    ArchiveContents.Layer layer = contents.layer(path);
    if (layer == null) {
      throw EngineException.invalid("invalid archive: no such file: " + path);
    }
    String name = "blobs/sha256/";
    if (path.startsWith(name)
        && !path.equals(name + layer.blobDigest().hex())
        && !path.equals(name + layer.diffId().hex())) {
      throw EngineException.invalid(
          "invalid archive: digest mismatch of " + path + ": got " + layer.blobDigest());
    }
    return layer;
  }

  private static void verifyNamed(String path, byte[] content) {
    String hex = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.json$", "");
    Digest found = Digest.of(content);
    if (hex.matches("[0-9a-f]{64}") && !hex.equals(found.hex())) {
      throw EngineException.invalid(
          "invalid archive: digest mismatch of " + path + ": got " + found);
    }
  }

  private static void verifyLayers(String configuration, List<Digest> layers) {
    List<Digest> expected = ConfigurationCodec.parse(configuration).diffIds();
    if (expected.size() != layers.size()) {
      throw EngineException.invalid(
          "invalid manifest, layers length mismatch: expected "
              + expected.size()
              + ", got "
              + layers.size());
    }
    for (int i = 0; i < layers.size(); i++) {
      if (!expected.get(i).equals(layers.get(i))) {
        throw EngineException.invalid(
            "invalid diffID for layer "
                + i
                + ": expected \""
                + expected.get(i)
                + "\", got \""
                + layers.get(i)
                + "\"");
      }
    }
  }

  private ImageAdder.@Nullable Addition layoutImage(
      Descriptor descriptor, List<Reference> names, int depth) {
    byte[] content = contents.document(blobPath(descriptor.digest()));
    if (content == null) {
      // A layout may name images of other platforms without holding them.
      return null;
    }
    if (!Digest.of(content).equals(descriptor.digest())) {
      throw EngineException.invalid(
          "invalid archive: digest mismatch of " + blobPath(descriptor.digest()));
    }
    String text = Json.text(content, "manifest");
    JsonNode node = Json.parse(text, "manifest");
    if (MediaTypes.isIndex(ManifestCodec.mediaType(node, descriptor.mediaType()))) {
      Descriptor chosen =
          depth >= DEEPEST_INDEX
              ? null
              : ManifestCodec.choose(ManifestCodec.index(node), machine());
      return chosen == null ? null : layoutImage(chosen, names, depth + 1);
    }
    Manifest manifest = ManifestCodec.manifest(node, descriptor.mediaType());
    byte[] configuration = contents.document(blobPath(manifest.config().digest()));
    if (configuration == null) {
      throw EngineException.invalid(
          "invalid archive: no such file: " + blobPath(manifest.config().digest()));
    }
    verifyNamed(blobPath(manifest.config().digest()), configuration);
    List<Digest> layers = new ArrayList<>();
    String configurationText = Json.text(configuration, "image configuration");
    if (!isWanted(configurationText)) {
      return null;
    }
    List<Digest> expected = ConfigurationCodec.parse(configurationText).diffIds();
    for (int i = 0; i < manifest.layers().size(); i++) {
      layers.add(
          layoutLayer(manifest.layers().get(i), i < expected.size() ? expected.get(i) : null));
    }
    verifyLayers(configurationText, layers);
    return new ImageAdder.Addition(configurationText, null, text, names);
  }

  private Digest layoutLayer(Descriptor descriptor, @Nullable Digest expected) {
    String path = blobPath(descriptor.digest());
    if (contents.layer(path) == null && expected != null && session.has(expected)) {
      return expected;
    }
    return layer(path).diffId();
  }

  private static String blobPath(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }

  private static List<Reference> names(Map<String, String> annotations) {
    String name = annotations.get(CONTAINERD_NAME);
    if (name == null) {
      String own = annotations.getOrDefault(OCI_NAME, "");
      name = own.indexOf(':') > 0 || own.indexOf('/') > 0 ? own : null;
    }
    return name == null ? List.of() : List.of(Reference.parseTagged(name));
  }
}
