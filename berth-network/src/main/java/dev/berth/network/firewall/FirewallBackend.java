package dev.berth.network.firewall;

import java.util.List;

/**
 * Puts a {@link FirewallState} into the kernel. Each call is one atomic transaction: packets meet
 * either the rules before it or those after it. Safe for use by several threads, which are served
 * one after the other. What the user keeps in DOCKER-USER is never touched.
 *
 * <p>All methods fail with {@link dev.berth.core.EngineException} of kind INTERNAL, and then the
 * rules are those from before the call.
 */
public interface FirewallBackend extends AutoCloseable {

  /** The name by which {@code --firewall-backend} selects it. */
  String name();

  /**
   * Makes the kernel's rules those of this state, whatever they were. Used at engine start, where
   * it adopts what an earlier engine left: established connections go on and no port is open in
   * between.
   */
  void apply(FirewallState desired);

  /**
   * Changes the rules at a cost that depends on the change, not on what exists already. All changes
   * given together take effect together.
   */
  void change(List<? extends FirewallChange> changes);

  /** One change alone. */
  default void change(FirewallChange change) {
    change(List.of(change));
  }

  /** A change under way. */
  @FunctionalInterface
  interface Pending {
    /** Waits until it is in force, or fails as {@link #change} does. */
    void await();
  }

  /** Begins a change, so that the caller can do something else until it is in force. */
  default Pending begin(FirewallChange change) {
    change(change);
    return () -> {};
  }

  /**
   * Changes the rules soon, and before any change that is asked for after this returns. Only for
   * what takes away: nobody waits for it and nobody learns of a failure but the log.
   */
  default void changeLater(FirewallChange change) {
    change(change);
  }

  /**
   * Sets the kernel variables of a network's bridge which its rules need, where the bridge was made
   * after them.
   */
  default void followBridge(String networkId) {}

  /**
   * Takes away what another backend has left when the engine used that before. To be called once
   * after {@link #apply}: nothing is open and nothing is cut between the two.
   */
  default void replaceOthers() {}

  /** The state that was last applied, with all changes since. */
  FirewallState state();

  /** Compares the kernel's rules with the desired state. */
  FirewallDrift verify();

  /**
   * Whether others have changed rules on this host since the engine's last transaction, its own
   * chains or not. Costs microseconds; {@link #heal()} then looks closer.
   */
  default boolean disturbed() {
    return false;
  }

  /**
   * Restores what {@link #verify()} finds amiss; rules that drop come back before those that
   * accept.
   */
  default FirewallDrift heal() {
    FirewallDrift drift = verify();
    if (!drift.clean()) {
      apply(state());
    }
    return drift;
  }

  /** Takes all rules of the engine away, as {@code --iptables=false} and uninstalling want it. */
  void removeAll();

  /** Ends watching; the rules stay, as containers outlive the engine. */
  @Override
  void close();
}
