package dev.berth.network.firewall;

import java.net.InetAddress;

/**
 * A run of host ports that is translated, one to one, to a run of ports of a container. In a routed
 * family there is no host port: the container's ports are simply opened.
 *
 * @param networkId the network over which the container is reached
 * @param endpointId the container's endpoint there
 * @param protocol the transport protocol
 * @param hostAddress the host address; 0.0.0.0 or :: for all of them
 * @param hostPort the first host port; 0 in a routed family
 * @param containerAddress the container's address, of the same family as the host address
 * @param containerPort the first container port
 * @param count how many ports follow each other, at least 1
 */
public record PublishedPort(
    String networkId,
    String endpointId,
    Protocol protocol,
    InetAddress hostAddress,
    int hostPort,
    InetAddress containerAddress,
    int containerPort,
    int count) {
  private static final int MAXIMUM = 65535;

  /** Checks the ranges and that both addresses are of one family. */
  public PublishedPort {
    if (IpFamily.of(hostAddress) != IpFamily.of(containerAddress)) {
      throw new IllegalArgumentException(hostAddress + " and " + containerAddress + " do not fit");
    }
    if (count < 1
        || hostPort < 0
        || hostPort + count - 1 > MAXIMUM
        || containerPort < 1
        || containerPort + count - 1 > MAXIMUM) {
      throw new IllegalArgumentException(
          "ports " + hostPort + " to " + containerPort + ", count " + count);
    }
  }

  /** The family of both addresses. */
  public IpFamily family() {
    return IpFamily.of(containerAddress);
  }

  /** The last host port. */
  public int lastHostPort() {
    return hostPort + count - 1;
  }

  /** The last container port. */
  public int lastContainerPort() {
    return containerPort + count - 1;
  }
}
