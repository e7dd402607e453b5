package dev.berth.network.ipam;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one subnet. An address is free, in use, or set apart: those set apart are not
 * handed out by chance, only when they are asked for by name.
 *
 * <p>Dynamic addresses are the lowest free ones of the range. Not safe for use by several threads;
 * {@link NetworkAddresses} guards it.
 */
final class AddressPool {
  /** A wider subnet's further addresses are only handed out when asked for. */
  private static final int WIDEST = Long.SIZE - 1;

  private final Cidr subnet;
  private final long rangeFirst;
  private final long rangeLast;
  private final AddressSet inUse;
  private final AddressSet unavailable;
  private final AddressSet apart;
  private final Set<InetAddress> farInUse = new HashSet<>();

  AddressPool(Cidr subnet, @Nullable Cidr range) {
    int width = Math.min(subnet.hostBits(), WIDEST);
    this.subnet = subnet;
    this.inUse = new AddressSet(width);
    this.unavailable = new AddressSet(width);
    this.apart = new AddressSet(width);
    this.rangeFirst = range == null ? 0 : subnet.offsetOf(range.network());
    this.rangeLast = range == null ? inUse.limit() : subnet.offsetOf(range.last());
    boolean hasNetworkAddress = subnet.ipv6() || subnet.hostBits() > 1;
    if (hasNetworkAddress) {
      take(0);
    }
    if (!subnet.ipv6() && subnet.hostBits() > 1) {
      take(inUse.limit());
    }
  }

  Cidr subnet() {
    return subnet;
  }

  /** Hands out the lowest free address of the range. */
  Optional<InetAddress> take() {
    long offset = unavailable.lowestAbsent(rangeFirst, rangeLast);
    if (offset < 0) {
      return Optional.empty();
    }
    take(offset);
    return Optional.of(subnet.addressAt(offset));
  }

  /** Hands out this address; false where it is in use. */
  boolean take(InetAddress address) {
    long offset = subnet.offsetOf(address);
    return offset > inUse.limit() ? farInUse.add(address) : take(offset);
  }

  private boolean take(long offset) {
    unavailable.add(offset);
    return inUse.add(offset);
  }

  /** Takes an address back; one that is not in use is passed over. */
  void free(InetAddress address) {
    long offset = subnet.offsetOf(address);
    farInUse.remove(address);
    if (inUse.remove(offset) && !apart.contains(offset)) {
      unavailable.remove(offset);
    }
  }

  /** Sets an address apart. */
  void setApart(InetAddress address) {
    long offset = subnet.offsetOf(address);
    if (offset <= inUse.limit()) {
      apart.add(offset);
      unavailable.add(offset);
    }
  }

  /** The opposite of {@link #setApart}. */
  void letGo(InetAddress address) {
    long offset = subnet.offsetOf(address);
    if (apart.remove(offset) && !inUse.contains(offset)) {
      unavailable.remove(offset);
    }
  }

  /** Addresses that are not to be had by chance: in use, or set apart. */
  BigInteger inUse() {
    return BigInteger.valueOf(unavailable.count() + farInUse.size());
  }

  /** Addresses of the range that {@link #take()} can still hand out; exact without a range. */
  BigInteger available() {
    if (rangeFirst == 0 && rangeLast == inUse.limit()) {
      return subnet.size().subtract(BigInteger.valueOf(unavailable.count()));
    }
    return BigInteger.valueOf(
        rangeLast - rangeFirst + 1 - unavailable.count(rangeFirst, rangeLast));
  }
}
