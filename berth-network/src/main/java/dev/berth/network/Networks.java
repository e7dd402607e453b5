package dev.berth.network;

import dev.berth.core.EngineException;
import java.util.List;

/**
 * The engine's networks. Every failure is an {@link EngineException} with Docker's text. Safe for
 * use by any thread; operations on one network wait for each other, those on different networks do
 * not.
 */
public interface Networks {
  /** Makes a network; when it returns, endpoints can be made on it. */
  NetworkRecord create(NetworkSpec spec);

  /**
   * Removes a network that has no endpoint. The answer does not wait for the kernel.
   *
   * @param reference name, id or prefix of an id
   */
  NetworkRecord remove(String reference);

  /**
   * Finds a network by exact name, then by id, then by a prefix of the id.
   *
   * @throws EngineException of kind NOT_FOUND, or INVALID where several ids start so
   */
  NetworkRecord find(String reference);

  /** The matching networks, in the order of their ids. */
  List<NetworkRecord> list(NetworkFilter filter);

  /** A network with its endpoints and figures. */
  NetworkStatus inspect(String reference);

  /**
   * Removes the matching networks that have no endpoint, except the predefined and config-only
   * ones.
   *
   * @return the names of those removed
   */
  List<String> prune(NetworkFilter filter);

  /** The names of the kinds of networks known at present, sorted; for {@code info}. */
  List<String> driverNames();
}
