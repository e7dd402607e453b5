package dev.berth.network.ipam;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.network.firewall.Addresses;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one network. What is in use is derived from the records of its endpoints when
 * the engine starts, and kept with them from then on. Safe for use by any thread.
 */
public final class NetworkAddresses implements AddressSource {
  /**
   * A subnet and what of it is spoken for from the start.
   *
   * @param subnet the subnet
   * @param range where dynamic addresses come from, or null for all of it
   * @param taken gateway and auxiliary addresses
   */
  public record Subnet(Cidr subnet, @Nullable Cidr range, List<InetAddress> taken) {
    /** Copies the list. */
    public Subnet {
      taken = List.copyOf(taken);
    }
  }

  /**
   * An address that was handed out.
   *
   * @param address the address
   * @param prefixLength of its subnet
   * @param subnet which of the network's subnets it is from, counted from 0
   */
  public record Allocation(InetAddress address, int prefixLength, int subnet) {}

  /** How full a subnet is; see {@link dev.berth.network.NetworkStatus.PoolUsage}. */
  public record Usage(Cidr subnet, BigInteger inUse, BigInteger available) {}

  private final String description;
  private final List<AddressPool> pools;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param name the network's name, for messages
   * @param id the network's id, for messages
   * @param subnets in the order they are tried
   */
  public NetworkAddresses(String name, String id, List<Subnet> subnets) {
    this.description = name + " (" + id + ")";
    this.pools = subnets.stream().map(NetworkAddresses::pool).toList();
  }

  private static AddressPool pool(Subnet subnet) {
    AddressPool pool = new AddressPool(subnet.subnet(), subnet.range());
    subnet.taken().forEach(pool::take);
    return pool;
  }

  /**
   * Hands out an address nobody asked for: the lowest free one.
   *
   * @throws EngineException of kind INTERNAL when none is left
   */
  public Allocation take(boolean ipv6) {
    lock.lock();
    try {
      for (int i = 0; i < pools.size(); i++) {
        AddressPool pool = pools.get(i);
        Optional<InetAddress> address =
            pool.subnet().ipv6() == ipv6 ? pool.take() : Optional.empty();
        if (address.isPresent()) {
          return new Allocation(address.get(), pool.subnet().prefixLength(), i);
        }
      }
    } finally {
      lock.unlock();
    }
    throw new EngineException(
        ErrorKind.INTERNAL,
        "no available IPv"
            + (ipv6 ? 6 : 4)
            + " addresses on this network's address pools: "
            + description);
  }

  @Override
  public Optional<Allocation> request(boolean ipv6, String macAddress) {
    return Optional.of(take(ipv6));
  }

  @Override
  public Optional<Allocation> request(InetAddress address, String macAddress) {
    return Optional.of(take(address));
  }

  @Override
  public void retake(InetAddress address) {
    take(address);
  }

  /** Hands out the lowest free address of one subnet, counted from 0. */
  public Optional<InetAddress> takeFrom(int subnet) {
    lock.lock();
    try {
      return pools.get(subnet).take();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands out an address that was asked for.
   *
   * @throws EngineException of kind FORBIDDEN where it is in use, INVALID where it is in no subnet
   */
  public Allocation take(InetAddress address) {
    lock.lock();
    try {
      for (int i = 0; i < pools.size(); i++) {
        AddressPool pool = pools.get(i);
        if (pool.subnet().contains(address)) {
          if (!pool.take(address)) {
            throw EngineException.forbidden("Address already in use");
          }
          return new Allocation(address, pool.subnet().prefixLength(), i);
        }
      }
    } finally {
      lock.unlock();
    }
    throw EngineException.invalid(
        "invalid address "
            + Addresses.text(address)
            + ": It does not belong to any of this network's subnets");
  }

  @Override
  public void free(InetAddress address) {
    lock.lock();
    try {
      pools.stream()
          .filter(pool -> pool.subnet().contains(address))
          .forEach(pool -> pool.free(address));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setApart(InetAddress address) {
    lock.lock();
    try {
      pools.stream()
          .filter(pool -> pool.subnet().contains(address))
          .forEach(pool -> pool.setApart(address));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void letGo(InetAddress address) {
    lock.lock();
    try {
      pools.stream()
          .filter(pool -> pool.subnet().contains(address))
          .forEach(pool -> pool.letGo(address));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Usage> usage() {
    lock.lock();
    try {
      List<Usage> usage = new ArrayList<>();
      for (AddressPool pool : pools) {
        usage.add(new Usage(pool.subnet(), pool.inUse(), pool.available()));
      }
      return List.copyOf(usage);
    } finally {
      lock.unlock();
    }
  }
}
