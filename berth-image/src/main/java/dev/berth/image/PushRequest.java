package dev.berth.image;

import org.jspecify.annotations.Nullable;

/**
 * What to push.
 *
 * @param reference with a tag; without one all tags of the repository are pushed
 * @param platform reserved for images of several platforms; null for the only one
 * @param credentials who the client is
 */
public record PushRequest(
    Reference reference, @Nullable Platform platform, RegistryCredentials credentials) {}
