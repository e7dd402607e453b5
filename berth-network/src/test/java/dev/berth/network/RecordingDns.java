package dev.berth.network;

import dev.berth.network.dns.DnsEndpoint;
import dev.berth.network.dns.DnsSandbox;
import dev.berth.network.dns.DnsService;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** A name server that only remembers what it was told. */
final class RecordingDns implements DnsService {
  final Map<String, DnsSandbox> sandboxes = new TreeMap<>();
  final Map<String, DnsEndpoint> endpoints = new TreeMap<>();
  final Runnable beforeEach;

  RecordingDns(Runnable beforeEach) {
    this.beforeEach = beforeEach;
  }

  @Override
  public void start() {}

  @Override
  public void open(DnsSandbox sandbox) {
    beforeEach.run();
    sandboxes.put(sandbox.sandboxId(), sandbox);
  }

  @Override
  public void update(DnsSandbox sandbox) {
    beforeEach.run();
    sandboxes.replace(sandbox.sandboxId(), sandbox);
  }

  @Override
  public void shut(String sandboxId) {
    sandboxes.remove(sandboxId);
  }

  @Override
  public void register(String networkId, DnsEndpoint endpoint) {
    beforeEach.run();
    endpoints.put(endpoint.endpointId(), endpoint);
  }

  @Override
  public void unregister(String networkId, String endpointId) {
    endpoints.remove(endpointId);
  }

  @Override
  public void forget(String networkId) {}

  @Override
  public void close() {}

  /** All names that are answered. */
  TreeSet<String> names() {
    TreeSet<String> names = new TreeSet<>();
    endpoints.values().forEach(endpoint -> names.addAll(endpoint.names()));
    return names;
  }
}
