package dev.berth.image;

/**
 * The manifest of an image here: the one it was pulled with, else the one that it is saved with.
 *
 * @param descriptor of the manifest, without a platform
 * @param contentBytes of the manifest, of the configuration and of the layers' archives that are
 *     kept, as they came
 */
public record ImageManifest(Descriptor descriptor, long contentBytes) {}
