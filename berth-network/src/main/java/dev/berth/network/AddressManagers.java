package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.driver.remote.RemoteAddressManager;
import dev.berth.network.ipam.AddressSource;
import dev.berth.plugin.Plugins;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Who manages addresses, by name: the engine itself, nobody, or a plugin. */
final class AddressManagers {
  private static final String OWN = "default";
  private static final String NOBODY = "null";

  private final Plugins plugins;
  private final Holdings holdings;
  private final Map<String, AddressManager> remote = new ConcurrentHashMap<>();

  AddressManagers(Plugins plugins, Holdings holdings) {
    this.plugins = plugins;
    this.holdings = holdings;
  }

  private static final class Nobody implements AddressManager {
    @Override
    public AddressPlan request(NetworkRecord network, NetworkDriver driver) {
      return new AddressPlan(List.of(), AddressSource.NONE);
    }

    @Override
    public AddressSource restore(NetworkRecord network) {
      return AddressSource.NONE;
    }

    @Override
    public void giveBack(Holding holding) {
      // It holds nothing.
    }
  }

  /**
   * The manager of a new network; nothing where the engine itself is.
   *
   * @throws EngineException NOT_FOUND where nobody goes by the name
   */
  Optional<AddressManager> find(String name) {
    boolean known = name.equals(OWN) || name.equals(NOBODY);
    if (!known && plugins.find(RemoteAddressManager.INTERFACE, name).isEmpty()) {
      throw EngineException.notFound("plugin \"" + name + "\" not found");
    }
    return known(name);
  }

  /** The manager of a network that exists; its plugin may be absent. */
  Optional<AddressManager> known(String name) {
    return switch (name) {
      case OWN, "" -> Optional.empty();
      case NOBODY -> Optional.of(new Nobody());
      default ->
          Optional.of(
              remote.computeIfAbsent(
                  name, missing -> new RemoteAddressManager(missing, plugins, holdings)));
    };
  }
}
