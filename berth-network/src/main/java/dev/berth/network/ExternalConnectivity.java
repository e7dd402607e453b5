package dev.berth.network;

/** A driver that wants to know which of its endpoints is a container's way out. */
public interface ExternalConnectivity {
  /**
   * The endpoint is its container's way out from now on.
   *
   * @param owner with the ports that are to be published
   */
  void program(NetworkRecord network, String endpointId, EndpointOwner owner);

  /** It is no more; idempotent. */
  void revoke(NetworkRecord network, String endpointId);
}
