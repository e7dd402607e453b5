package dev.berth.network;

import dev.berth.network.firewall.FirewallSettings;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.firewall.RecordingFirewall;
import dev.berth.network.link.LinkKernel;
import dev.berth.network.ports.HostPortPublisher;
import dev.berth.network.ports.PortPublisher;
import dev.berth.plugin.PluginPatience;
import dev.berth.plugin.PluginSource;
import dev.berth.plugin.Plugins;
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
  private static final Plugins NO_PLUGINS = new Plugins(PluginSource.NONE, PluginPatience.DEFAULT);
  private static final Path FAKE_ROOT = Path.of("/exec");

  final EventRecorder events = new EventRecorder();
  final RecordingFirewall firewall = new RecordingFirewall(FirewallSettings.defaults());
  final RecordingDns dns;
  final PortPublisher ports;
  final LinkKernel kernel;
  final NetworkStack stack;

  private TestStack(
      NetworkSettings settings,
      Store store,
      LinkKernel kernel,
      PortPublisher ports,
      Runnable fault,
      Plugins plugins) {
    RandomGenerator random = SeededRandom.create(System.nanoTime());
    this.kernel = kernel;
    this.dns = new RecordingDns(fault);
    this.ports = ports;
    NetworkServices services =
        new NetworkServices(
            store,
            events,
            kernel,
            new FaultyFirewall(firewall, fault),
            ports,
            dns,
            ManualClock.atFixedStart(),
            random,
            plugins);
    this.stack = NetworkStack.create(settings, services);
  }

  /** Started on the calling thread's kernel namespaces, with nothing running. */
  static TestStack onKernel(Path directory) {
    return onKernel(NetworkSettings.defaults(directory), new MemoryStore(), Set.of());
  }

  /** Started on the calling thread's kernel namespaces. */
  static TestStack onKernel(NetworkSettings settings, Store store, Set<String> running) {
    RecordingFirewall translated = new RecordingFirewall(FirewallSettings.defaults());
    PortPublisher ports = new HostPortPublisher(translated, HostNamespace.own(), false);
    LinkKernel kernel = LinkKernel.of(HostNamespace.own());
    return new TestStack(settings, store, kernel, ports, () -> {}, NO_PLUGINS).start(running);
  }

  /** Started on a kernel in memory. */
  static TestStack onFake(FakeLinkKernel kernel, Store store, Set<String> running) {
    return onFake(NetworkSettings.defaults(FAKE_ROOT), kernel, store, running);
  }

  /** Started on a kernel in memory. */
  static TestStack onFake(
      NetworkSettings settings, FakeLinkKernel kernel, Store store, Set<String> running) {
    return onFake(settings, kernel, store, running, NO_PLUGINS);
  }

  /** Started on a kernel in memory, with plugins. */
  static TestStack onFake(
      NetworkSettings settings,
      FakeLinkKernel kernel,
      Store store,
      Set<String> running,
      Plugins plugins) {
    Runnable fault = () -> kernel.step("service");
    return new TestStack(settings, store, kernel, new FakePorts(fault), fault, plugins)
        .start(running);
  }

  /** Started on an empty kernel in memory. */
  static TestStack onFake() {
    return onFake(new FakeLinkKernel(), new MemoryStore(), Set.of());
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
