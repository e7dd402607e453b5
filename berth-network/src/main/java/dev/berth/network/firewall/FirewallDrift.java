package dev.berth.network.firewall;

import java.util.List;

/**
 * How the kernel's rules differ from the desired state.
 *
 * @param missing rules of ours that are not there
 * @param foreign rules in our own chains that we did not write; DOCKER-USER is not ours
 */
public record FirewallDrift(List<String> missing, List<String> foreign) {

  /** Copies the lists. */
  public FirewallDrift {
    missing = List.copyOf(missing);
    foreign = List.copyOf(foreign);
  }

  /** No difference. */
  public static FirewallDrift none() {
    return new FirewallDrift(List.of(), List.of());
  }

  /** Whether the kernel does what is desired. */
  public boolean clean() {
    return missing.isEmpty() && foreign.isEmpty();
  }
}
