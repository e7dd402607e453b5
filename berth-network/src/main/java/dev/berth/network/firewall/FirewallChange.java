package dev.berth.network.firewall;

import java.util.List;

/** One step from a {@link FirewallState} to the next. Each is idempotent. */
public sealed interface FirewallChange {

  /** A network appears, or the one with the same id changes. */
  record AddNetwork(FirewallNetwork network) implements FirewallChange {}

  /** A network goes, with all its published ports and links. */
  record RemoveNetwork(String networkId) implements FirewallChange {}

  /** Ports are published. */
  record Publish(List<PublishedPort> ports) implements FirewallChange {
    /** Copies the list. */
    public Publish {
      ports = List.copyOf(ports);
    }
  }

  /** Ports are no longer published; unknown ones are passed over. */
  record Unpublish(List<PublishedPort> ports) implements FirewallChange {
    /** Copies the list. */
    public Unpublish {
      ports = List.copyOf(ports);
    }
  }

  /** Links are opened. */
  record Link(List<FirewallLink> links) implements FirewallChange {
    /** Copies the list. */
    public Link {
      links = List.copyOf(links);
    }
  }

  /** The engine is about to make the host a router: only for containers from then on. */
  record CloseForwarding(IpFamily family) implements FirewallChange {}

  /** Links are closed; unknown ones are passed over. */
  record Unlink(List<FirewallLink> links) implements FirewallChange {
    /** Copies the list. */
    public Unlink {
      links = List.copyOf(links);
    }
  }
}
