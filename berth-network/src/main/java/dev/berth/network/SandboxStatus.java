package dev.berth.network;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open sandbox.
 *
 * @param id the sandbox's id, 64 hexadecimal digits; empty in the mode container
 * @param containerId the container's id
 * @param key the pinned namespace as {@code inspect} shows it (SandboxKey); empty in the mode
 *     container
 * @param namespace the network namespace the container is to join, or null for the engine's own
 * @param endpoints in the order they were joined
 * @param ports what is published; ports that are only exposed are not in it
 * @param files the texts of the network's files
 */
public record SandboxStatus(
    String id,
    String containerId,
    String key,
    @Nullable Path namespace,
    List<EndpointStatus> endpoints,
    List<PortMapping> ports,
    Files files) {

  /** Copies the lists. */
  public SandboxStatus {
    endpoints = List.copyOf(endpoints);
    ports = List.copyOf(ports);
  }

  /**
   * Texts for the container's files, which the engine writes and mounts.
   *
   * @param hosts {@code /etc/hosts}
   * @param resolvConf {@code /etc/resolv.conf}
   */
  public record Files(String hosts, String resolvConf) {}

  /**
   * A port on the host that leads into the container.
   *
   * @param port inside the container
   * @param hostIp {@code 0.0.0.0}, {@code ::} or one address
   * @param hostPort the number on the host
   */
  public record PortMapping(SandboxSpec.Port port, String hostIp, int hostPort) {}
}
