package dev.berth.image.content;

import dev.berth.image.Digest;

/**
 * A layer that is unpacked and verified but not in the store yet.
 *
 * @param diffId the digest of its archive, not compressed
 * @param layer what will be stored
 */
public record StagedLayer(Digest diffId, LayerRecord layer) {}
