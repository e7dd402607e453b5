package dev.berth.network.driver.remote;

import dev.berth.core.EngineException;
import dev.berth.network.Holding;
import dev.berth.network.NetworkRecord;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.AddressSource;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.NetworkAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The addresses of one network that a plugin manages. */
final class RemoteAddresses implements AddressSource {
  private static final System.Logger LOG = System.getLogger(RemoteAddresses.class.getName());
  private static final String MAC_ADDRESS = "com.docker.network.endpoint.macaddress";
  private static final Duration REPLAY_LIMIT = Duration.ofMinutes(2);

  private final RemoteAddressManager manager;
  private final NetworkRecord network;
  private final List<Pool> pools;
  private final Set<String> retaken = ConcurrentHashMap.newKeySet();
  private final ReentrantLock replaying = new ReentrantLock();
  private volatile boolean toReplay;

  /**
   * A subnet as the plugin gave it.
   *
   * @param id its id
   * @param subnet the block
   * @param facts what is on record of it
   */
  record Pool(String id, Cidr subnet, Map<String, String> facts) {}

  /**
   * @param restored whether it was given to an earlier life of the engine
   */
  RemoteAddresses(
      RemoteAddressManager manager, NetworkRecord network, List<Pool> pools, boolean restored) {
    this.manager = manager;
    this.network = network;
    this.pools = List.copyOf(pools);
    this.toReplay = restored;
  }

  @Override
  public boolean needsMacAddress() {
    return manager.introduced().wantsMac();
  }

  private Map<String, String> options(String macAddress) {
    return macAddress.isEmpty() || !needsMacAddress() ? Map.of() : Map.of(MAC_ADDRESS, macAddress);
  }

  @Override
  public Optional<NetworkAddresses.Allocation> request(boolean ipv6, String macAddress) {
    resume();
    @Nullable EngineException refusal = null;
    for (Pool pool : pools) {
      if (pool.subnet().ipv6() == ipv6) {
        try {
          return Optional.of(manager.requestAddress(network, pool, "", options(macAddress), false));
        } catch (EngineException failure) {
          if (!RemoteCalls.isRefusal(failure)) {
            throw failure;
          }
          refusal = failure;
        }
      }
    }
    if (refusal != null) {
      throw refusal;
    }
    return Optional.empty();
  }

  @Override
  public Optional<NetworkAddresses.Allocation> request(InetAddress address, String macAddress) {
    resume();
    String text = Addresses.text(address);
    for (Pool pool : pools) {
      if (pool.subnet().contains(address)) {
        return Optional.of(manager.requestAddress(network, pool, text, options(macAddress), false));
      }
    }
    throw EngineException.invalid(
        "invalid address " + text + ": It does not belong to any of this network's subnets");
  }

  @Override
  public void retake(InetAddress address) {
    retaken.add(Addresses.text(address));
  }

  /** Tells a plugin that wants it what was given before, once, before anything new is asked. */
  @Override
  public void resume() {
    if (!toReplay) {
      return;
    }
    awaitTurn();
    try {
      if (toReplay && manager.introduced().wantsReplay()) {
        replay();
      }
      toReplay = false;
    } finally {
      replaying.unlock();
    }
  }

  private void awaitTurn() {
    boolean mine = false;
    try {
      mine = replaying.tryLock(REPLAY_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!mine) {
      throw EngineException.internal(
          "the addresses of network " + network.name() + " are not to be had at present", null);
    }
  }

  private void replay() {
    for (Pool pool : pools) {
      String range = pool.facts().getOrDefault("range", "");
      String subnet = pool.subnet().toString();
      tell(() -> manager.requestPool(network, subnet, range, pool.subnet().ipv6()));
    }
    for (Holding holding : manager.of(network.id(), Holding.Kind.ADDRESS)) {
      String address = holding.facts().getOrDefault("address", "");
      boolean had = holding.facts().containsKey("fixed") || retaken.contains(address);
      if (had && !holding.isOnlyAsked()) {
        String pool = holding.facts().getOrDefault("pool", "");
        tell(() -> manager.askForAddress(pool, address, Map.of()));
      }
    }
  }

  /** A plugin that refuses knows it already. */
  private void tell(Runnable call) {
    try {
      call.run();
    } catch (EngineException failure) {
      if (!RemoteCalls.isRefusal(failure)) {
        throw failure;
      }
      LOG.log(System.Logger.Level.WARNING, "network {0}: {1}", network.name(), failure.text());
    }
  }

  @Override
  public void free(InetAddress address) {
    pools.forEach(pool -> manager.free(network.id(), pool.id(), address));
  }

  /** Goes on past what fails; that stays on record. */
  @Override
  public void release() {
    @Nullable EngineException failure = null;
    for (Holding.Kind kind : List.of(Holding.Kind.ADDRESS, Holding.Kind.POOL)) {
      for (Holding holding : manager.of(network.id(), kind)) {
        try {
          manager.giveBack(holding);
        } catch (EngineException silent) {
          failure = silent;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
