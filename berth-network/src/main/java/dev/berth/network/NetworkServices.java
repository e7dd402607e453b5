package dev.berth.network;

import dev.berth.core.EventSink;
import dev.berth.network.dns.DnsService;
import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.ports.PortPublisher;
import dev.berth.plugin.PluginPatience;
import dev.berth.plugin.PluginSource;
import dev.berth.plugin.Plugins;
import dev.berth.store.Store;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What networking stands on; whoever makes these closes them after the {@link NetworkStack}.
 *
 * @param store keeps networks and sandboxes
 * @param events learns what happened
 * @param kernel makes links and namespaces
 * @param firewall writes rules
 * @param ports publishes ports
 * @param dns answers for names
 * @param clock tells the time
 * @param random chooses ids and MAC addresses
 * @param plugins network drivers and address managers beside the engine
 */
public record NetworkServices(
    Store store,
    EventSink events,
    LinkKernel kernel,
    FirewallBackend firewall,
    PortPublisher ports,
    DnsService dns,
    InstantSource clock,
    RandomGenerator random,
    Plugins plugins) {
  /** Without plugins. */
  public NetworkServices(
      Store store,
      EventSink events,
      LinkKernel kernel,
      FirewallBackend firewall,
      PortPublisher ports,
      DnsService dns,
      InstantSource clock,
      RandomGenerator random) {
    this(
        store,
        events,
        kernel,
        firewall,
        ports,
        dns,
        clock,
        random,
        new Plugins(PluginSource.NONE, PluginPatience.DEFAULT));
  }
}
