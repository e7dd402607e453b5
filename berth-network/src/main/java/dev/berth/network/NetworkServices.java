package dev.berth.network;

import dev.berth.core.EventSink;
import dev.berth.network.dns.DnsService;
import dev.berth.network.firewall.FirewallBackend;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.ports.PortPublisher;
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
 */
public record NetworkServices(
    Store store,
    EventSink events,
    LinkKernel kernel,
    FirewallBackend firewall,
    PortPublisher ports,
    DnsService dns,
    InstantSource clock,
    RandomGenerator random) {}
