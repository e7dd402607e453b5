package dev.berth.image;

import org.jspecify.annotations.Nullable;

/**
 * What to push.
 *
 * @param reference with a tag; without one all tags of the repository are pushed
 * @param platform that the image must be for, or null for any
 * @param credentials who the client is
 */
public record PushRequest(
    Reference reference, @Nullable Platform platform, RegistryCredentials credentials) {}
