package dev.berth.image.content;

import dev.berth.archive.Compression;

/**
 * A layer on the disk, stored under its diff id. It holds whatever is above or below it, since it
 * is kept as a difference; so images share it whenever they hold the same difference.
 *
 * @param directory its name below the driver's directory
 * @param blobDigest of the archive as it came, which is kept to give it out again to the byte
 * @param blobBytes the length of that archive
 * @param compression of that archive
 * @param repacked whether it came uncompressed and was compressed here for a push
 * @param tarBytes the length of the archive, not compressed
 * @param sizeBytes of its files
 */
public record LayerRecord(
    String directory,
    String blobDigest,
    long blobBytes,
    Compression compression,
    boolean repacked,
    long tarBytes,
    long sizeBytes) {}
