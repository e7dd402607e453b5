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
  private static final System.Logger LOG = System.getLogger(ChangeQueue.class.getName());

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
    RuntimeException failure = await(enqueue(changes));
    if (failure != null) {
      throw failure;
    }
  }

  /** Begins to carry changes out on another thread. */
  FirewallBackend.Pending begin(List<? extends FirewallChange> changes) {
    Ticket ticket = enqueue(changes);
    Thread.ofVirtual().name("berth-firewall-changes").start(() -> await(ticket));
    return () -> {
      RuntimeException failure = await(ticket);
      if (failure != null) {
        throw failure;
      }
    };
  }

  /**
   * Lets changes be carried out soon, in any case before those that are submitted after this
   * returns.
   */
  void submitLater(List<? extends FirewallChange> changes) {
    Ticket ticket = enqueue(changes);
    Thread.ofVirtual()
        .name("berth-firewall-changes")
        .start(() -> {
          RuntimeException failure = await(ticket);
          if (failure != null) {
            LOG.log(System.Logger.Level.WARNING, "rules were not removed", failure);
          }
        });
  }

  private Ticket enqueue(List<? extends FirewallChange> changes) {
    Ticket ticket = new Ticket(List.copyOf(changes));
    entry.lock();
    try {
      waiting.add(ticket);
      return ticket;
    } finally {
      entry.unlock();
    }
  }

  private @Nullable RuntimeException await(Ticket ticket) {
    transactions.lock();
    try {
      if (!ticket.done) {
        carryOut(takeWaiting());
      }
      return ticket.failure;
    } finally {
      transactions.unlock();
    }
  }

  /** Runs something while no transaction runs and none waits. */
  void exclusively(Runnable work) {
    transactions.lock();
    try {
      List<Ticket> before = takeWaiting();
      if (!before.isEmpty()) {
        carryOut(before);
      }
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
