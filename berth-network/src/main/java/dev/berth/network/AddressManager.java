package dev.berth.network;

import dev.berth.network.ipam.AddressSource;

/**
 * Manages the addresses of networks in the engine's place. What it was asked for is on record in
 * {@link Holdings}. Safe for use by any thread; calls may wait for somebody.
 */
public interface AddressManager {
  /**
   * Asks for the subnets of a new network, with gateways and auxiliary addresses. Either all of it
   * is there when this returns, or nothing; {@link AddressSource#release} gives it back.
   *
   * @param network without subnets
   * @param driver knows whether gateways are wanted
   */
  AddressPlan request(NetworkRecord network, NetworkDriver driver);

  /** The addresses of a network of an earlier life of the engine; waits for nobody. */
  AddressSource restore(NetworkRecord network);

  /**
   * Gives something back that nothing here uses any more. Idempotent.
   *
   * @throws dev.berth.core.EngineException where nobody answers: it stays on record
   */
  void giveBack(Holding holding);
}
