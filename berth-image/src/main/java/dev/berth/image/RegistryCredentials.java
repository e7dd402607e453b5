package dev.berth.image;

import org.jspecify.annotations.Nullable;

/**
 * Who the client is for a registry, as {@code X-Registry-Auth} carries it.
 *
 * @param username or null
 * @param password or null
 * @param identityToken an OAuth2 refresh token, or null
 * @param registryToken a bearer token to use as it is, or null
 */
public record RegistryCredentials(
    @Nullable String username,
    @Nullable String password,
    @Nullable String identityToken,
    @Nullable String registryToken) {

  /** Nobody in particular. */
  public static final RegistryCredentials ANONYMOUS =
      new RegistryCredentials(null, null, null, null);

  /** Hides the secrets. */
  @Override
  public String toString() {
    return "RegistryCredentials[username=" + username + "]";
  }
}
