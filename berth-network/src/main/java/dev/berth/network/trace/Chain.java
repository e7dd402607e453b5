package dev.berth.network.trace;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain.
 *
 * @param table its table, with the family where the backend's tool names it so
 * @param name its name
 * @param base where the kernel calls it; null where only other chains do
 * @param rules in order
 */
record Chain(String table, String name, @Nullable Base base, List<Rule> rules) {
  Chain {
    rules = List.copyOf(rules);
  }

  /**
   * Where the kernel calls a chain.
   *
   * @param hook the place on a packet's way
   * @param priority lower ones come first
   * @param dropping whether what no rule decides is dropped
   * @param translating whether it is of the type nat
   */
  record Base(Hook hook, int priority, boolean dropping, boolean translating) {}
}
