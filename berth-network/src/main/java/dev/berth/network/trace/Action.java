package dev.berth.network.trace;

import org.jspecify.annotations.Nullable;

/** What a rule does with a packet that meets its conditions. */
sealed interface Action {
  /** Nothing that decides: counting, logging, marking, source translation. */
  Action NOTHING = new Nothing();

  Action ACCEPT = new Accept();

  Action RETURN = new Return();

  record Nothing() implements Action {}

  record Accept() implements Action {}

  /**
   * The packet goes no further.
   *
   * @param rejected whether the sender is told
   */
  record Drop(boolean rejected) implements Action {}

  record Return() implements Action {}

  /**
   * Goes on in another chain of the table.
   *
   * @param chain its name
   * @param back whether it comes back where that chain decides nothing
   */
  record Call(String chain, boolean back) implements Action {}

  /** Gives the packet another destination, and ends the chain where it does. */
  @FunctionalInterface
  non-sealed interface Translate extends Action {
    /** The new destination; null where this rule has none for it. */
    Packet.@Nullable Target target(Packet packet);
  }

  /** Does what a map says of the packet. */
  @FunctionalInterface
  non-sealed interface Choose extends Action {
    /** Null where the map says nothing. */
    @Nullable Action choose(Packet packet);
  }
}
