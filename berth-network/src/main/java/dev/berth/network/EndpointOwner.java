package dev.berth.network;

import java.util.List;

/**
 * The container that an endpoint is for, as far as a driver may want to know it.
 *
 * @param containerId 64 hexadecimal digits
 * @param containerName without a leading slash
 * @param ports what it exposes and publishes
 */
public record EndpointOwner(String containerId, String containerName, SandboxSpec.Ports ports) {
  /** Nobody in particular. */
  public static final EndpointOwner NONE = new EndpointOwner("", "", SandboxSpec.Ports.NONE);

  static EndpointOwner of(SandboxSpec spec) {
    return new EndpointOwner(spec.containerId(), spec.name(), spec.ports());
  }

  /** The same without ports, which another network publishes. */
  EndpointOwner withoutPublished() {
    return new EndpointOwner(
        containerId, containerName, new SandboxSpec.Ports(ports.exposed(), List.of()));
  }
}
