package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * Credentials for a registry; travels in base64 in a header or as the body of {@code POST /auth}.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AuthConfig(
    @OmitEmpty String username,
    @OmitEmpty String password,
    @OmitEmpty String auth,
    @OmitEmpty String email,
    @OmitEmpty String serveraddress,
    @OmitEmpty String identitytoken,
    @OmitEmpty String registrytoken) {
  /** Hides the secrets. */
  @Override
  public String toString() {
    return "AuthConfig[username=" + username + ", serveraddress=" + serveraddress + "]";
  }
}
