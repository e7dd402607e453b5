package dev.berth.network.firewall;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The fake: remembers the state and every call, touches nothing. */
public final class RecordingFirewall implements FirewallBackend {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<FirewallChange> changes = new ArrayList<>();
  private FirewallState state;

  /** Starts from the empty state. */
  public RecordingFirewall(FirewallSettings settings) {
    this.state = FirewallState.empty(settings);
  }

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public void apply(FirewallState desired) {
    lock.lock();
    try {
      state = desired;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void change(List<? extends FirewallChange> more) {
    lock.lock();
    try {
      changes.addAll(more);
      state = state.after(more);
    } finally {
      lock.unlock();
    }
  }

  /** Every change so far, in order. */
  public List<FirewallChange> changes() {
    lock.lock();
    try {
      return List.copyOf(changes);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public FirewallState state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public FirewallDrift verify() {
    return FirewallDrift.none();
  }

  @Override
  public void removeAll() {
    apply(FirewallState.empty(state().settings()));
  }

  @Override
  public void close() {}
}
