package dev.berth.image;

import org.jspecify.annotations.Nullable;

/**
 * What to pull.
 *
 * @param reference with tag or digest; without either all tags are pulled
 * @param platform what machine it shall be for, or null for this one
 * @param credentials who the client is
 */
public record PullRequest(
    Reference reference, @Nullable Platform platform, RegistryCredentials credentials) {}
