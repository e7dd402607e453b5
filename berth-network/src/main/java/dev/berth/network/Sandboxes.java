package dev.berth.network;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The network namespaces of running containers. An open sandbox is persisted by this module and
 * found again by {@link #restore} after the engine was restarted or killed. Safe for use by any
 * thread; operations on one container wait for each other.
 */
public interface Sandboxes {
  /**
   * Checks an endpoint's wishes as Docker does when a container is created or connected, without
   * doing anything.
   *
   * @throws dev.berth.core.EngineException of kind INVALID with the text {@code invalid endpoint
   *     settings:…}
   */
  void validate(EndpointSpec spec);

  /**
   * Sets the static addresses of a container that is not running apart, so that no other container
   * is given one of them by chance. Replaces what was set apart for it; an empty list lets go.
   */
  void reserve(String containerId, List<EndpointSpec> endpoints);

  /**
   * Makes the namespace with all its interfaces, rules, ports and names. Either all of it is there
   * when this returns, or nothing.
   */
  SandboxStatus open(SandboxSpec spec);

  /** Adds an endpoint to an open sandbox and returns how the sandbox is now. */
  SandboxStatus connect(String containerId, EndpointSpec spec);

  /** Takes the endpoint on a network out of an open sandbox and returns how the sandbox is now. */
  SandboxStatus disconnect(String containerId, String networkReference);

  /** Gives the container another name, by which others find it at once. */
  SandboxStatus rename(String containerId, String newName);

  /** An open sandbox. */
  Optional<SandboxStatus> find(String containerId);

  /** All open sandboxes. */
  List<SandboxStatus> list();

  /**
   * Frees what a stopped container had. Its addresses, ports and names are free when this returns;
   * links die with the namespace. Does nothing where no sandbox is open; never throws for what it
   * meets on the way.
   */
  void close(String containerId);

  /**
   * After a start of the engine: takes over the sandboxes of containers that still run and removes
   * every other, then writes the rules of all networks, ports and links. To be called once, before
   * any other operation.
   *
   * @param running ids of the containers whose process is alive
   */
  void restore(Set<String> running);
}
