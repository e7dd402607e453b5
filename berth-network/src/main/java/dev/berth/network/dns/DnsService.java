package dev.berth.network.dns;

/**
 * The name server of all sandboxes. Safe for use by several threads; every call takes effect before
 * it returns. The sockets live inside of the sandboxes' namespaces and one thread serves them all.
 */
public interface DnsService extends AutoCloseable {

  /** Begins to serve; to be called once. */
  void start();

  /**
   * Opens the sockets and the address translation inside of the sandbox. After a restart of the
   * engine the same call takes an existing sandbox over.
   */
  void open(DnsSandbox sandbox);

  /** Changes the networks or upstreams of an open sandbox; does nothing for an unknown one. */
  void update(DnsSandbox sandbox);

  /**
   * Closes the sockets of a sandbox; does nothing for an unknown one. Never needs the namespace.
   */
  void shut(String sandboxId);

  /** Adds the names of an endpoint to a network, or replaces them. */
  void register(String networkId, DnsEndpoint endpoint);

  /** Takes the names of an endpoint away; does nothing for an unknown one. */
  void unregister(String networkId, String endpointId);

  /** Forgets a network with all its names. */
  void forget(String networkId);

  /** Closes all sockets and ends the thread. */
  @Override
  void close();
}
