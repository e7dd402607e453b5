package dev.berth.image.content;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.image.Descriptor;
import dev.berth.image.Digest;
import dev.berth.image.Manifest;
import dev.berth.image.MediaTypes;
import dev.berth.image.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Manifests and indexes, read and written, in Docker's and OCI's forms. */
public final class ManifestCodec {
  private static final int MOST_LAYERS = 4096;

  private ManifestCodec() {}

  /**
   * The media type a manifest gives itself, else what its members make it.
   *
   * @param declared what it came as, or null
   */
  public static String mediaType(JsonNode node, @Nullable String declared) {
    String own = Json.string(node, "mediaType");
    if (!own.isEmpty()) {
      return own;
    }
    if (node.path("manifests").isArray()) {
      return declared != null && MediaTypes.isIndex(declared) ? declared : MediaTypes.OCI_INDEX;
    }
    return declared != null && MediaTypes.isManifest(declared) ? declared : MediaTypes.OCI_MANIFEST;
  }

  /** Reads the manifest of one image. */
  public static Manifest manifest(JsonNode node, @Nullable String declared) {
    String mediaType = mediaType(node, declared);
    if (!MediaTypes.isManifest(mediaType) || !node.path("config").isObject()) {
      throw EngineException.invalid("unsupported manifest format: " + mediaType);
    }
    List<Descriptor> layers = new ArrayList<>();
    node.path("layers").forEach(layer -> layers.add(descriptor(layer)));
    if (layers.size() > MOST_LAYERS) {
      throw EngineException.invalid("invalid manifest: too many layers");
    }
    return new Manifest(mediaType, descriptor(node.path("config")), layers);
  }

  /** Reads the entries of an index. */
  public static List<Descriptor> index(JsonNode node) {
    List<Descriptor> manifests = new ArrayList<>();
    node.path("manifests").forEach(entry -> manifests.add(descriptor(entry)));
    return manifests;
  }

  private static Descriptor descriptor(JsonNode node) {
    JsonNode platform = node.path("platform");
    long size = node.path("size").asLong(-1);
    if (size < 0) {
      throw EngineException.invalid("invalid manifest: descriptor without size");
    }
    return new Descriptor(
        Json.string(node, "mediaType"),
        Digest.parse(Json.string(node, "digest")),
        size,
        platform.isObject()
            ? Platform.normalised(
                Json.string(platform, "os"),
                Json.string(platform, "architecture"),
                Json.stringOrNull(platform, "variant"))
            : null,
        Json.map(node, "annotations"));
  }

  /** Writes the manifest of one image. */
  public static String write(Manifest manifest) {
    ObjectNode node = Json.object();
    node.put("schemaVersion", 2);
    node.put("mediaType", manifest.mediaType());
    node.set("config", descriptor(manifest.config()));
    ArrayNode layers = node.putArray("layers");
    manifest.layers().forEach(layer -> layers.add(descriptor(layer)));
    return Json.write(node);
  }

  /** Writes an index. */
  public static String writeIndex(String mediaType, List<Descriptor> manifests) {
    ObjectNode node = Json.object();
    node.put("schemaVersion", 2);
    node.put("mediaType", mediaType);
    ArrayNode entries = node.putArray("manifests");
    manifests.forEach(entry -> entries.add(descriptor(entry)));
    return Json.write(node);
  }

  private static ObjectNode descriptor(Descriptor descriptor) {
    ObjectNode node = Json.object();
    node.put("mediaType", descriptor.mediaType());
    node.put("digest", descriptor.digest().toString());
    node.put("size", descriptor.size());
    Platform platform = descriptor.platform();
    if (platform != null) {
      ObjectNode target = node.putObject("platform");
      target.put("architecture", platform.architecture());
      target.put("os", platform.os());
      if (platform.variant() != null) {
        target.put("variant", platform.variant());
      }
    }
    if (!descriptor.annotations().isEmpty()) {
      ObjectNode annotations = node.putObject("annotations");
      for (Map.Entry<String, String> entry :
          new java.util.TreeMap<>(descriptor.annotations()).entrySet()) {
        annotations.put(entry.getKey(), entry.getValue());
      }
    }
    return node;
  }

  /**
   * The best of several images for a machine.
   *
   * @return null when none runs there
   */
  public static @Nullable Descriptor choose(List<Descriptor> manifests, Platform machine) {
    Descriptor best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (Descriptor candidate : manifests) {
      Platform platform = candidate.platform();
      int distance = platform == null ? -1 : platform.distanceFrom(machine);
      if (distance >= 0 && distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }
}
