package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The bridge {@code docker_gwbridge}: the way out, with published ports, of containers whose
 * network plugin brings none and does not say that none is wanted. It is made when first needed. A
 * container is on it silently: it is no network that anybody asked for.
 */
final class GatewayNetwork {
  /** Its name, and that of its bridge. */
  static final String NAME = "docker_gwbridge";

  /** Below anything that a user would say: any other way out is better. */
  private static final int LAST = -1_000_000_000;

  private final NetworkRegistry registry;
  private final Consumer<NetworkSpec> maker;

  /**
   * @param maker makes a network
   */
  GatewayNetwork(NetworkRegistry registry, Consumer<NetworkSpec> maker) {
    this.registry = registry;
    this.maker = maker;
  }

  /** Whether containers with these endpoints need it. */
  static boolean isNeeded(List<Endpoint> endpoints) {
    return endpoints.stream().anyMatch(endpoint -> endpoint.join().wantsGateway())
        && endpoints.stream()
            .noneMatch(endpoint -> endpoint.exit(false).exists() || endpoint.exit(true).exists());
  }

  /** What such a container wishes for without knowing. */
  static EndpointSpec wish() {
    return EndpointSpec.on(NAME).withGatewayPriority(LAST);
  }

  /** Whether a wish is nobody's. */
  static boolean isSilent(EndpointSpec wish) {
    return wish.network().equals(NAME) && wish.gatewayPriority() == LAST;
  }

  /** The network; two that need it at once get the same. */
  NetworkEntry require() {
    try {
      maker.accept(
          NetworkSpec.named(NAME)
              .withDriver(
                  "bridge",
                  Map.of(
                      "com.docker.network.bridge.name", NAME,
                      "com.docker.network.bridge.enable_icc", "false",
                      "com.docker.network.bridge.enable_ip_masquerade", "true")));
    } catch (EngineException taken) {
      if (taken.kind() != ErrorKind.CONFLICT) {
        throw taken;
      }
    }
    return registry.find(NAME);
  }
}
