package dev.berth.engine;

import dev.berth.network.NetworkFilter;
import dev.berth.network.NetworkRecord;
import dev.berth.network.NetworkSpec;
import dev.berth.network.NetworkStatus;
import java.util.List;

/** Networks joined with the containers on them. */
public final class EngineNetworks {

  EngineNetworks() {}

  /** Makes a network. */
  public NetworkRecord create(NetworkSpec spec) {
    throw new UnsupportedOperationException();
  }

  /** Removes a network without endpoints. */
  public void remove(String reference) {
    throw new UnsupportedOperationException();
  }

  /** Finds a network by name, id or a beginning of its id. */
  public NetworkRecord find(String reference) {
    throw new UnsupportedOperationException();
  }

  /** The matching networks. */
  public List<NetworkRecord> list(NetworkFilter filter) {
    throw new UnsupportedOperationException();
  }

  /** A network with its endpoints. */
  public NetworkStatus inspect(String reference) {
    throw new UnsupportedOperationException();
  }

  /** Removes the matching networks without endpoints; returns their names. */
  public List<String> prune(NetworkFilter filter) {
    throw new UnsupportedOperationException();
  }

  /** Attaches a container, whether it runs or not. */
  public void connect(String network, String container, EndpointSpec spec) {
    throw new UnsupportedOperationException();
  }

  /**
   * Detaches a container.
   *
   * @param force also when the container is not known any more
   */
  public void disconnect(String network, String container, boolean force) {
    throw new UnsupportedOperationException();
  }
}
