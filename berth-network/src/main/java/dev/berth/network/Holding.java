package dev.berth.network;

import java.util.Map;

/**
 * Something that somebody outside the engine keeps for it.
 *
 * @param kind what it is
 * @param holder the driver's name
 * @param networkId the network it belongs to
 * @param id the endpoint's id, the pool's id or the address; empty for a network
 * @param facts what the driver has to remember of it
 */
public record Holding(
    Kind kind, String holder, String networkId, String id, Map<String, String> facts) {
  /** What can be held, in the order it is given back. */
  public enum Kind {
    /** An endpoint of a network driver. */
    ENDPOINT,
    /** An address of an address manager. */
    ADDRESS,
    /** A network of a network driver. */
    NETWORK,
    /** A subnet of an address manager. */
    POOL
  }

  /** The fact of what was asked for while the answer is not known. */
  public static final String ASKED = "asked";

  /** Copies the facts. */
  public Holding {
    facts = Map.copyOf(facts);
  }

  /** Whether it was asked for and nobody knows whether it was given. */
  public boolean isOnlyAsked() {
    return facts.containsKey(ASKED);
  }

  /** The same with other facts. */
  public Holding withFacts(Map<String, String> newFacts) {
    return new Holding(kind, holder, networkId, id, newFacts);
  }

  /** Its key in the store. */
  String key() {
    return kind + " " + networkId + " " + id;
  }
}
