package dev.berth.linux;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The options of a bridge; an empty one is left to the kernel.
 *
 * @param vlanFiltering whether tags decide
 * @param defaultVlan the tag of untagged ports, 0 for none
 * @param multicastSnooping whether group members are learned
 * @param forwardDelayHundredths delay of a new port in 1/100 s
 * @param stp whether the spanning tree protocol is spoken
 */
public record BridgeOptions(
    Optional<Boolean> vlanFiltering,
    OptionalInt defaultVlan,
    Optional<Boolean> multicastSnooping,
    OptionalInt forwardDelayHundredths,
    Optional<Boolean> stp) {
  /** All left to the kernel. */
  public static final BridgeOptions DEFAULT =
      new BridgeOptions(
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty());
}
