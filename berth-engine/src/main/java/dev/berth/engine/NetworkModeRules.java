package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.HostOptions.NetworkOptions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which options go with which network mode. */
final class NetworkModeRules {
  static final String CONTAINER = "container:";

  private NetworkModeRules() {}

  /** The mode in effect: an empty one is the default bridge. */
  static String effective(String mode) {
    return mode.isEmpty() || mode.equals("default") ? "bridge" : mode;
  }

  static boolean isContainer(String mode) {
    return mode.startsWith(CONTAINER) || mode.equals("container");
  }

  /** The container that a {@code container:x} mode names. */
  static String containerReference(String mode) {
    return mode.substring(CONTAINER.length());
  }

  static boolean isUserDefined(String mode) {
    return !isContainer(mode)
        && !mode.equals("bridge")
        && !mode.equals("host")
        && !mode.equals("none");
  }

  static void check(ContainerSpec spec) {
    NetworkOptions network = spec.host().network();
    String mode = effective(network.mode());
    if (isContainer(mode)) {
      checkContainerMode(spec, mode, network);
    }
    if (mode.equals("host") && !isEmpty(network.links())) {
      throw conflict(
          "host type networking can't be used with links. This would result in undefined behavior");
    }
  }

  private static void checkContainerMode(ContainerSpec spec, String mode, NetworkOptions network) {
    if (mode.length() <= CONTAINER.length()) {
      throw EngineException.invalid(
          "invalid network mode: invalid container format container:<name|id>");
    }
    if (!spec.config().identity().hostname().isEmpty()) {
      throw conflict("hostname and the network mode");
    }
    if (!isEmpty(network.links())) {
      throw conflict(
          "container type network can't be used with links. This would result in undefined"
              + " behavior");
    }
    if (!isEmpty(network.dns())) {
      throw conflict("dns and the network mode");
    }
    if (!isEmpty(network.extraHosts())) {
      throw conflict("custom host-to-IP mapping and the network mode");
    }
    if (!spec.config().identity().macAddress().isEmpty()) {
      throw conflict("mac-address and the network mode");
    }
    Map<String, ?> bindings = network.portBindings();
    if (network.publishAll() || (bindings != null && !bindings.isEmpty())) {
      throw conflict("port publishing and the container type network mode");
    }
    if (spec.config().exposedPorts() != null && !spec.config().exposedPorts().isEmpty()) {
      throw conflict("port exposing and the container type network mode");
    }
  }

  private static boolean isEmpty(java.util.@Nullable List<String> list) {
    return list == null || list.isEmpty();
  }

  private static EngineException conflict(String what) {
    return EngineException.invalid("conflicting options: " + what);
  }
}
