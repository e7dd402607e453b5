package dev.berth.network;

import dev.berth.network.ipam.AddressSource;
import java.util.List;

/**
 * The subnets of a network, as somebody outside the engine gave them.
 *
 * @param pools for the record
 * @param addresses the same at work
 */
public record AddressPlan(List<NetworkRecord.Pool> pools, AddressSource addresses) {
  /** Copies the list. */
  public AddressPlan {
    pools = List.copyOf(pools);
  }
}
