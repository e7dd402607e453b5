package dev.berth.network.driver.parent;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.network.DriverOptions;
import dev.berth.network.NetworkRecord;
import java.util.Set;

/**
 * The parent interface of a network, as its options have it.
 *
 * @param name the interface
 * @param dummy whether it is one of the network's own that leads nowhere, as none was named
 */
public record ParentChoice(String name, boolean dummy) {
  private static final String PARENT = "parent";
  private static final String MTU = DriverOptions.DOCKER_NAMESPACE + "driver.mtu";

  /** Reads it. */
  public static ParentChoice of(NetworkRecord network, String driver, String dummyPrefix) {
    DriverOptions options = new DriverOptions(network.options());
    options.refuseUnknown(driver, Set.of(MTU));
    String parent = options.text(PARENT);
    if (parent.equals("lo")) {
      throw EngineException.internal(
          "loopback interface is not a valid " + driver + " parent link", null);
    }
    return parent.isEmpty()
        ? new ParentChoice(dummyPrefix + Ids.shortId(network.id()), true)
        : new ParentChoice(options.interfaceName(PARENT, parent), false);
  }

  /** The MTU that the network's options ask for; 0 for the parent's. */
  public static int mtuBytes(NetworkRecord network) {
    int mtuBytes = new DriverOptions(network.options()).number(MTU, 0);
    if (mtuBytes < 0) {
      throw EngineException.invalid("invalid MTU number: " + mtuBytes);
    }
    return mtuBytes;
  }

  /** Whether nothing leads out of the network. */
  public boolean internal(NetworkRecord network) {
    return dummy || network.spec().flags().internal();
  }
}
