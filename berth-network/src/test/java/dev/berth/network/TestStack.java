package dev.berth.network;

import dev.berth.network.firewall.FirewallSettings;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.firewall.RecordingFirewall;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.ports.HostPortPublisher;
import dev.berth.network.ports.PortPublisher;
import dev.berth.store.MemoryStore;
import dev.berth.store.Store;
import dev.berth.testing.EventRecorder;
import dev.berth.testing.ManualClock;
import dev.berth.testing.SeededRandom;
import java.nio.file.Path;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Networking with a recording firewall and name server, on a real or fake kernel. */
final class TestStack implements AutoCloseable {
  final EventRecorder events = new EventRecorder();
  final RecordingDns dns = new RecordingDns(() -> {});
  final RecordingFirewall firewall = new RecordingFirewall(FirewallSettings.defaults());
  final PortPublisher ports;
  final LinkKernel kernel;
  final NetworkStack stack;

  private TestStack(
      NetworkSettings settings, Store store, LinkKernel kernel, RandomGenerator random) {
    this.kernel = kernel;
    this.ports = new HostPortPublisher(firewall, HostNamespace.own(), false);
    this.stack =
        NetworkStack.create(
            settings,
            new NetworkServices(
                store, events, kernel, firewall, ports, dns, ManualClock.atFixedStart(), random));
  }

  /** Started on the calling thread's kernel namespaces, with nothing running. */
  static TestStack onKernel(Path directory) {
    return onKernel(NetworkSettings.defaults(directory), new MemoryStore(), Set.of());
  }

  /** Started on the calling thread's kernel namespaces. */
  static TestStack onKernel(NetworkSettings settings, Store store, Set<String> running) {
    LinkKernel kernel = LinkKernel.of(HostNamespace.own());
    TestStack stack =
        new TestStack(settings, store, kernel, SeededRandom.create(System.nanoTime()));
    return stack.start(running);
  }

  /** Started on a fake kernel. */
  static TestStack onFake(LinkKernel kernel, Store store) {
    NetworkSettings settings = NetworkSettings.defaults(Path.of("/exec"));
    return new TestStack(settings, store, kernel, SeededRandom.create()).start(Set.of());
  }

  private TestStack start(Set<String> running) {
    stack.start();
    stack.sandboxes().restore(running);
    return this;
  }

  Networks networks() {
    return stack.networks();
  }

  Sandboxes sandboxes() {
    return stack.sandboxes();
  }

  @Override
  public void close() {
    stack.close();
    ports.close();
    kernel.close();
  }
}
