package dev.berth.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user asked a container to be: the three parts of Docker's create request. The engine never
 * edits one; what it resolves goes into a second spec of the {@link ContainerRecord}. Lists and
 * maps may be null where Docker's JSON tells null from empty, so that inspect echoes them exactly.
 *
 * @param config what is portable between hosts
 * @param host what depends on the host
 * @param endpoints settings for each network by its name or id, or null when none were sent
 */
public record ContainerSpec(
    ContainerConfig config, HostOptions host, @Nullable Map<String, EndpointSpec> endpoints) {

  /** The same with another portable part. */
  public ContainerSpec withConfig(ContainerConfig other) {
    return new ContainerSpec(other, host, endpoints);
  }

  /** The same with another host part. */
  public ContainerSpec withHost(HostOptions other) {
    return new ContainerSpec(config, other, endpoints);
  }

  /** The same with other endpoints. */
  public ContainerSpec withEndpoints(@Nullable Map<String, EndpointSpec> other) {
    return new ContainerSpec(config, host, other);
  }
}
