package dev.berth.network.trace;

import java.util.List;

/**
 * What the rules at one place do with a packet.
 *
 * @param passed whether it goes on
 * @param rejected whether the sender is told that it does not
 * @param packet how it goes on, with its destination translated where a rule does that
 * @param deciding the rule that decided, last of all where it passed; empty where none did
 * @param doubts rules that could decide otherwise, but depend on what is not known
 */
public record Ruling(
    boolean passed, boolean rejected, Packet packet, List<Place> deciding, List<Place> doubts) {
  /** Copies the lists. */
  public Ruling {
    deciding = List.copyOf(deciding);
    doubts = List.copyOf(doubts);
  }

  /**
   * A rule and where it stands.
   *
   * @param table the table
   * @param chain the chain
   * @param rule the rule's text as the tool prints it, or the policy of the chain
   */
  public record Place(String table, String chain, String rule) {
    @Override
    public String toString() {
      return "table " + table + ", chain " + chain + ": " + rule;
    }
  }
}
