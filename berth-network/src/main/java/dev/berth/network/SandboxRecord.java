package dev.berth.network;

import dev.berth.network.ports.PortBinding;
import java.util.List;

/**
 * An open sandbox as it is persisted.
 *
 * @param id 64 hexadecimal digits
 * @param spec what was asked, with what was connected, disconnected and renamed since
 * @param key the pinned namespace, or empty where it has none of its own
 * @param endpoints in the order they were joined
 * @param ports what is published
 */
record SandboxRecord(
    String id,
    SandboxSpec spec,
    String key,
    List<EndpointStatus> endpoints,
    List<PortBinding> ports) {
  SandboxRecord {
    endpoints = List.copyOf(endpoints);
    ports = List.copyOf(ports);
  }
}
