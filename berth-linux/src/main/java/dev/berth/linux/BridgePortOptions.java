package dev.berth.linux;

import java.util.Optional;

/**
 * The options of an interface as port of a bridge; an empty one is left as it is.
 *
 * @param hairpin whether a frame may go back out where it came from
 * @param isolated whether it reaches only ports that are not isolated
 * @param learning whether senders are remembered
 * @param flood whether frames for unknown destinations are sent to it
 * @param neighbourSuppression whether the bridge answers ARP and neighbour questions itself
 */
public record BridgePortOptions(
    Optional<Boolean> hairpin,
    Optional<Boolean> isolated,
    Optional<Boolean> learning,
    Optional<Boolean> flood,
    Optional<Boolean> neighbourSuppression) {
  /** All left as they are. */
  public static final BridgePortOptions UNCHANGED =
      new BridgePortOptions(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** The same with hairpin mode switched. */
  public BridgePortOptions withHairpin(boolean enabled) {
    return new BridgePortOptions(
        Optional.of(enabled), isolated, learning, flood, neighbourSuppression);
  }

  /** The same with isolation switched. */
  public BridgePortOptions withIsolated(boolean enabled) {
    return new BridgePortOptions(
        hairpin, Optional.of(enabled), learning, flood, neighbourSuppression);
  }
}
