package dev.berth.network;

/**
 * All of the engine's networking, ready to use. Closing it stops what serves containers in this
 * process; links, rules and namespaces stay, so that running containers go on.
 */
public interface NetworkStack extends AutoCloseable {
  /** The networks. */
  Networks networks();

  /** The namespaces of running containers. */
  Sandboxes sandboxes();

  @Override
  void close();
}
