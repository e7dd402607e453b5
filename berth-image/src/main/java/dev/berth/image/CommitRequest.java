package dev.berth.image;

import org.jspecify.annotations.Nullable;

/**
 * How to make an image from another and one more layer.
 *
 * @param parent the image below, or null for none
 * @param config for the containers made from the new image, whole
 * @param platform what machine it is for
 * @param author or empty
 * @param comment or empty
 * @param createdBy for the history: the command or instruction
 * @param reference names the image, or null for no name
 */
public record CommitRequest(
    @Nullable Digest parent,
    ImageConfig config,
    Platform platform,
    String author,
    String comment,
    String createdBy,
    @Nullable Reference reference) {}
