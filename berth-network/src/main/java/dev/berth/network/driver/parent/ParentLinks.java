package dev.berth.network.driver.parent;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import dev.berth.network.NetworkRecord;
import dev.berth.network.link.HostLink;
import dev.berth.network.link.LinkKernel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The parents of a driver's networks. One that is missing is made, {@code eth0.100} as a tagged
 * part of {@code eth0}; what was made here goes with the last network on it. Safe for use by any
 * thread.
 */
public final class ParentLinks {
  /** The driver's state of a network whose parent was made for it. */
  public static final String MADE = "made";

  private static final int LARGEST_VLAN = 4094;

  private final String driver;
  private final LinkKernel kernel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Set<String>> users = new HashMap<>();
  private final Set<String> made = new HashSet<>();

  /**
   * @param driver for messages
   * @param kernel makes the links
   */
  public ParentLinks(String driver, LinkKernel kernel) {
    this.driver = driver;
    this.kernel = kernel;
  }

  /**
   * Has the parent of a network ready.
   *
   * @return the driver's state of the network
   */
  public Map<String, String> acquire(NetworkRecord network, ParentChoice parent) {
    lock.lock();
    try {
      if (kernel.find(parent.name()).isEmpty()) {
        kernel.create(missing(parent));
        made.add(parent.name());
      }
      users.computeIfAbsent(parent.name(), name -> new HashSet<>()).add(network.id());
      return made.contains(parent.name()) ? Map.of(MADE, parent.name()) : Map.of();
    } catch (LinuxException failure) {
      throw failed(parent, failure);
    } finally {
      lock.unlock();
    }
  }

  /** Takes over the parent of a network of an earlier life, made anew where it is missing. */
  public void restore(NetworkRecord network, ParentChoice parent) {
    lock.lock();
    try {
      if (network.driverState().containsKey(MADE)) {
        made.add(parent.name());
      }
      acquire(network, parent);
    } finally {
      lock.unlock();
    }
  }

  /** The network is gone. */
  public void release(NetworkRecord network, ParentChoice parent) {
    lock.lock();
    try {
      Set<String> left = users.getOrDefault(parent.name(), new HashSet<>());
      left.remove(network.id());
      if (left.isEmpty()) {
        users.remove(parent.name());
        if (made.remove(parent.name()) || network.driverState().containsKey(MADE)) {
          kernel.delete(parent.name());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private HostLink missing(ParentChoice parent) {
    if (parent.dummy()) {
      return new HostLink.Dummy(parent.name());
    }
    String name = parent.name();
    int dot = name.indexOf('.');
    if (dot < 0) {
      throw EngineException.internal(
          "invalid subinterface vlan name " + name + ", example formatting is eth0.10", null);
    }
    if (name.indexOf('.', dot + 1) >= 0) {
      throw EngineException.internal(
          "required interface name format is: name.vlan_id, ex. eth0.10 for vlan 10, instead"
              + " received "
              + name,
          null);
    }
    String on = name.substring(0, dot);
    int id = vlanId(name.substring(dot + 1));
    if (kernel.find(on).isEmpty()) {
      throw EngineException.internal("-o parent interface was not found on the host: " + on, null);
    }
    if (id < 1 || id > LARGEST_VLAN) {
      throw EngineException.internal("vlan id must be between 1-4094, received: " + id, null);
    }
    return new HostLink.Vlan(name, on, id);
  }

  private static int vlanId(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw EngineException.internal(
          "unable to parse a valid vlan id from: " + text + " (ex. eth0.10 for vlan 10)",
          notANumber);
    }
  }

  private EngineException failed(ParentChoice parent, LinuxException failure) {
    String what =
        parent.dummy()
            ? "failed to create the parent link of the " + driver + " network"
            : "failed to create " + parent.name() + " vlan link";
    String option = parent.dummy() ? "CONFIG_DUMMY" : "CONFIG_VLAN_8021Q";
    String why = failure.is(Errno.EOPNOTSUPP) ? " (the kernel lacks " + option + ")" : "";
    return EngineException.internal(what + ": " + failure.errno().text() + why, failure);
  }
}
