package dev.berth.network.ports;

import dev.berth.network.firewall.PublishedPort;
import java.util.List;

/**
 * Publishes ports of containers on the host: chooses and holds the host ports, tells the firewall,
 * and carries what the kernel cannot translate. Safe for use by several threads.
 */
public interface PortPublisher extends AutoCloseable {

  /**
   * Publishes all ports of a container, or none.
   *
   * @param owner the container's id; one that has ports already publishes further ones
   * @param requests what the user asked for
   * @param targets where they lead
   * @return what came out, in the order of the requests, IPv4 before IPv6
   * @throws dev.berth.core.EngineException in Docker's words when a port is taken
   */
  List<PortBinding> publish(String owner, List<PortRequest> requests, PortTargets targets);

  /**
   * Takes the ports of a container over after a restart of the engine: holds them again and starts
   * what carries them, without touching the firewall.
   *
   * @return what the firewall's state has to contain for them
   */
  List<PublishedPort> restore(String owner, List<PortBinding> bindings);

  /** What a container has published; empty when nothing. */
  List<PortBinding> bindings(String owner);

  /** Gives all ports of a container back; does nothing when there are none. */
  void unpublish(String owner);

  /** Lets go of all sockets; the firewall's rules stay, as containers outlive the engine. */
  @Override
  void close();
}
