package dev.berth.network;

import dev.berth.core.UndoStack;
import java.util.ArrayList;
import java.util.List;

/** Tells the drivers that want to know it which endpoint is a container's way out. */
final class WaysOut {
  private static final System.Logger LOG = System.getLogger(WaysOut.class.getName());

  private WaysOut() {}

  /** The way out has changed; the inverse of each step goes onto the stack. */
  static void move(Gateways before, Gateways after, SandboxSpec spec, UndoStack undo) {
    EndpointOwner owner = EndpointOwner.of(spec);
    List<Endpoint> old = endpoints(before);
    List<Endpoint> now = endpoints(after);
    for (Endpoint endpoint : old) {
      if (!contains(now, endpoint)) {
        undo.push("program the way out", () -> program(endpoint, owner));
        revoke(endpoint);
      }
    }
    for (Endpoint endpoint : now) {
      if (!contains(old, endpoint)) {
        undo.push("revoke the way out", () -> revoke(endpoint));
        program(endpoint, owner);
      }
    }
  }

  private static List<Endpoint> endpoints(Gateways gateways) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (Endpoint endpoint : new Endpoint[] {gateways.ipv4(), gateways.ipv6()}) {
      if (endpoint != null && !contains(endpoints, endpoint)) {
        endpoints.add(endpoint);
      }
    }
    return endpoints;
  }

  private static boolean contains(List<Endpoint> endpoints, Endpoint wanted) {
    String id = wanted.status().id();
    return endpoints.stream().anyMatch(endpoint -> endpoint.status().id().equals(id));
  }

  private static void program(Endpoint endpoint, EndpointOwner owner) {
    if (endpoint.network().driver() instanceof ExternalConnectivity driver) {
      driver.program(endpoint.network().network(), endpoint.status().id(), owner);
    }
  }

  private static void revoke(Endpoint endpoint) {
    if (endpoint.network().driver() instanceof ExternalConnectivity driver) {
      driver.revoke(endpoint.network().network(), endpoint.status().id());
    }
  }

  /** Asks the drivers outside what they have to tell of endpoints at work; it is only logged. */
  static void describe(List<Endpoint> endpoints) {
    for (Endpoint endpoint : endpoints) {
      if (endpoint.network().driver() instanceof OutsideDriver driver) {
        EndpointStatus status = endpoint.status();
        try {
          LOG.log(
              System.Logger.Level.DEBUG,
              "endpoint {0}: {1}",
              status.id(),
              driver.endpointInfo(status.networkId(), status.id()));
        } catch (RuntimeException silent) {
          LOG.log(System.Logger.Level.DEBUG, "endpoint " + status.id(), silent);
        }
      }
    }
  }
}
