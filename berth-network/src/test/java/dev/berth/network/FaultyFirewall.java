package dev.berth.network;

import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.firewall.FirewallChange;
import dev.berth.network.firewall.FirewallDrift;
import dev.berth.network.firewall.FirewallState;
import java.util.List;

/** A firewall whose changes that open something can be made to fail. */
final class FaultyFirewall implements FirewallBackend {
  private final FirewallBackend firewall;
  private final Runnable beforeEach;

  FaultyFirewall(FirewallBackend firewall, Runnable beforeEach) {
    this.firewall = firewall;
    this.beforeEach = beforeEach;
  }

  @Override
  public String name() {
    return firewall.name();
  }

  @Override
  public void apply(FirewallState desired) {
    firewall.apply(desired);
  }

  @Override
  public void change(List<? extends FirewallChange> changes) {
    if (changes.stream().anyMatch(FaultyFirewall::opens)) {
      beforeEach.run();
    }
    firewall.change(changes);
  }

  @Override
  public void changeLater(FirewallChange change) {
    firewall.changeLater(change);
  }

  private static boolean opens(FirewallChange change) {
    return change instanceof FirewallChange.AddNetwork || change instanceof FirewallChange.Publish;
  }

  @Override
  public FirewallState state() {
    return firewall.state();
  }

  @Override
  public FirewallDrift verify() {
    return firewall.verify();
  }

  @Override
  public void removeAll() {
    firewall.removeAll();
  }

  @Override
  public void close() {
    firewall.close();
  }
}
