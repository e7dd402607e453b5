package dev.berth.network.firewall;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A backend whose published ports also have to be let in by the host's own input rules, as users of
 * ufw and firewalld expect it. What holds back is written before what lets in, so changes are made
 * one after the other.
 */
final class ObeyingFirewall implements FirewallBackend {
  private final FirewallBackend backend;
  private final InputMirror mirror;
  private final ReentrantLock lock = new ReentrantLock();

  ObeyingFirewall(FirewallBackend backend, InputMirror mirror) {
    this.backend = backend;
    this.mirror = mirror;
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public FirewallState state() {
    return backend.state();
  }

  @Override
  public void apply(FirewallState desired) {
    locked(() -> {
      mirror.follow(desired.settings(), desired.ports());
      backend.apply(desired);
    });
  }

  @Override
  public void change(List<? extends FirewallChange> changes) {
    locked(() -> {
      FirewallState before = backend.state();
      Set<PublishedPort> ports = before.ports();
      Set<PublishedPort> after = before.after(changes).ports();
      Set<PublishedPort> both = new LinkedHashSet<>(ports);
      both.addAll(after);
      if (both.size() > ports.size()) {
        mirror.follow(before.settings(), both);
      }
      backend.change(changes);
      if (both.size() > after.size()) {
        mirror.follow(before.settings(), after);
      }
    });
  }

  @Override
  public void changeLater(FirewallChange change) {
    backend.changeLater(change);
  }

  @Override
  public void followBridge(String networkId) {
    backend.followBridge(networkId);
  }

  @Override
  public void replaceOthers() {
    backend.replaceOthers();
  }

  @Override
  public FirewallDrift verify() {
    return backend.verify();
  }

  @Override
  public boolean disturbed() {
    return backend.disturbed() || asking(mirror::disturbed);
  }

  @Override
  public FirewallDrift heal() {
    return asking(() -> {
      FirewallState state = backend.state();
      mirror.follow(state.settings(), state.ports());
      return backend.heal();
    });
  }

  @Override
  public void removeAll() {
    locked(() -> {
      backend.removeAll();
      mirror.follow(backend.state().settings(), List.of());
    });
  }

  private void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T asking(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    locked(() -> {
      backend.close();
      mirror.close();
    });
  }
}
