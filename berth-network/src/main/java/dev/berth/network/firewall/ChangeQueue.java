package dev.berth.network.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins changes that arrive while a transaction runs into one next transaction, so that many
 * containers starting at once wait for two transactions at most instead of for everyone before
 * them.
 */
final class ChangeQueue {
  private final ReentrantLock transactions = new ReentrantLock();
  private final ReentrantLock entry = new ReentrantLock();
  private final Consumer<List<FirewallChange>> transaction;
  private List<Ticket> waiting = new ArrayList<>();

  /**
   * @param transaction carries changes out all or nothing; called by one thread at a time
   */
  ChangeQueue(Consumer<List<FirewallChange>> transaction) {
    this.transaction = transaction;
  }

  /** Carries changes out, possibly together with those of others; fails only for its own. */
  void submit(List<? extends FirewallChange> changes) {
    Ticket mine = new Ticket(List.copyOf(changes));
    entry.lock();
    try {
      waiting.add(mine);
    } finally {
      entry.unlock();
    }
    transactions.lock();
    try {
      if (!mine.done) {
        carryOut(takeWaiting());
      }
    } finally {
      transactions.unlock();
    }
    if (mine.failure != null) {
      throw mine.failure;
    }
  }

  /** Runs something while no transaction runs. */
  void exclusively(Runnable work) {
    transactions.lock();
    try {
      work.run();
    } finally {
      transactions.unlock();
    }
  }

  private List<Ticket> takeWaiting() {
    entry.lock();
    try {
      List<Ticket> taken = waiting;
      waiting = new ArrayList<>();
      return taken;
    } finally {
      entry.unlock();
    }
  }

  private void carryOut(List<Ticket> tickets) {
    List<FirewallChange> all = new ArrayList<>();
    tickets.forEach(ticket -> all.addAll(ticket.changes));
    RuntimeException failure = attempt(all);
    for (Ticket ticket : tickets) {
      ticket.failure = failure == null || tickets.size() == 1 ? failure : attempt(ticket.changes);
      ticket.done = true;
    }
  }

  private @Nullable RuntimeException attempt(List<FirewallChange> changes) {
    try {
      transaction.accept(changes);
      return null;
    } catch (RuntimeException e) {
      return e;
    }
  }

  /** Its fields change under the lock of the transactions only. */
  private static final class Ticket {
    private final List<FirewallChange> changes;
    private boolean done;
    private @Nullable RuntimeException failure;

    Ticket(List<FirewallChange> changes) {
      this.changes = changes;
    }
  }
}
