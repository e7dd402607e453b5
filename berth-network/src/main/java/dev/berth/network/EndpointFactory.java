package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.Ids;
import dev.berth.core.UndoStack;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.AddressSource;
import dev.berth.network.ipam.IpText;
import dev.berth.network.ipam.NetworkAddresses;
import dev.berth.network.link.InterfaceAddress;
import dev.berth.network.link.InterfacePlan;
import dev.berth.network.link.LinkSource;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes endpoints: takes addresses, asks the driver, and says what interface to make. */
final class EndpointFactory {
  private static final int LINK_LOCAL_IPV4 = 16;
  private static final int LINK_LOCAL_IPV6 = 64;

  private final Ids ids;
  private final RandomGenerator random;

  EndpointFactory(RandomGenerator random) {
    this.ids = new Ids(random);
    this.random = random;
  }

  /**
   * Makes one; the inverse of each step goes onto the stack.
   *
   * @param network where
   * @param wish what of
   * @param owner whose
   * @param taken the namespace it is for, with the names of the interfaces there
   * @param undo gets the inverses
   */
  Endpoint create(
      NetworkEntry network, EndpointSpec wish, SandboxSpec owner, Names taken, UndoStack undo) {
    NetworkRecord record = network.network();
    EndpointValidation.check(wish, record);
    String endpointId = ids.next();
    String containerId = owner.containerId();
    network.attach(containerId, new NetworkStatus.Attachment(owner.name(), endpointId, "", "", ""));
    undo.push("detach from " + record.name(), () -> network.detach(containerId));
    String mac = macAddress(network, wish);
    NetworkAddresses.@Nullable Allocation ipv4 = address(network, wish, mac, false, undo);
    NetworkAddresses.@Nullable Allocation ipv6 = address(network, wish, mac, true, undo);
    EndpointAddresses wanted =
        new EndpointAddresses(
            mac,
            interfaceOf(ipv4, wish.addresses().ipv4()),
            interfaceOf(ipv6, wish.addresses().ipv6()));
    EndpointOwner holder =
        taken.published() && !network.driver().capability().addresses()
            ? EndpointOwner.of(owner).withoutPublished()
            : EndpointOwner.of(owner);
    EndpointAddresses given =
        network
            .driver()
            .createEndpoint(
                new EndpointRequest(record, endpointId, wanted, wish.driverOptions(), holder));
    undo.push(
        "delete endpoint", () -> network.driver().deleteEndpoint(network.network(), endpointId));
    String free = interfaceName(wish, "eth", new HashSet<>(taken.interfaces()));
    JoinAnswer join =
        network
            .driver()
            .join(
                new JoinRequest(
                    record, endpointId, given, taken.key(), wish.driverOptions(), holder, free));
    undo.push("leave", () -> network.driver().leave(network.network(), endpointId));
    EndpointAddresses present = join.inside() == null ? given : join.inside().addresses();
    EndpointStatus status =
        new EndpointStatus(
            endpointId,
            record.id(),
            record.name(),
            interfaceName(join, wish, taken.interfaces()),
            hostInterface(join),
            present.macAddress(),
            shown(present.ipv4(), gateway(record, join.ipv4())),
            shown(present.ipv6(), gateway(record, join.ipv6())),
            linkLocal(wish),
            network.hasNames() ? EndpointNames.of(owner, wish.aliases()) : List.of(),
            wish);
    Endpoint endpoint = new Endpoint(network, status, join);
    network.update(containerId, endpoint.attachment(owner.name()));
    return endpoint;
  }

  /**
   * Where interfaces go.
   *
   * @param key the namespace
   * @param interfaces names that are taken
   * @param published whether the engine publishes the container's ports on another network
   */
  record Names(Path key, Set<String> interfaces, boolean published) {
    /** With a set of its own. */
    static Names of(Path key, Collection<String> interfaces, boolean published) {
      return new Names(key, new HashSet<>(interfaces), published);
    }
  }

  /** As asked for; one is made up where whoever gives addresses has to know it. */
  private String macAddress(NetworkEntry network, EndpointSpec wish) {
    return MacAddresses.normalize(wish.macAddress())
        .orElseGet(() -> network.addresses().needsMacAddress() ? MacAddresses.random(random) : "");
  }

  private static NetworkAddresses.@Nullable Allocation address(
      NetworkEntry network, EndpointSpec wish, String mac, boolean six, UndoStack undo) {
    boolean wanted = six ? network.network().ipv6() : network.network().ipv4();
    if (!wanted || !network.driver().capability().addresses()) {
      return null;
    }
    String asked = six ? wish.addresses().ipv6() : wish.addresses().ipv4();
    AddressSource addresses = network.addresses();
    NetworkAddresses.@Nullable Allocation allocation =
        (asked.isEmpty()
                ? addresses.request(six, mac)
                : addresses.request(IpText.parse(asked).orElseThrow(), mac))
            .orElse(null);
    if (allocation != null) {
      undo.push("free an address", () -> addresses.free(allocation.address()));
    }
    return allocation;
  }

  /** What was handed out; a driver that chooses addresses itself learns of a wish. */
  private static @Nullable InterfaceAddress interfaceOf(
      NetworkAddresses.@Nullable Allocation allocation, String asked) {
    if (allocation != null) {
      return new InterfaceAddress(allocation.address(), allocation.prefixLength());
    }
    return IpText.parse(asked)
        .map(address -> new InterfaceAddress(address, Byte.SIZE * address.getAddress().length))
        .orElse(null);
  }

  private static EndpointStatus.Address shown(@Nullable InterfaceAddress given, String gateway) {
    return given == null
        ? EndpointStatus.Address.NONE
        : new EndpointStatus.Address(
            Addresses.text(given.address()), given.prefixLength(), gateway);
  }

  /** The way out as inspect shows it. */
  private static String gateway(NetworkRecord record, JoinAnswer.Exit exit) {
    InetAddress gateway = exit.gateway();
    return gateway == null || record.spec().flags().internal() ? "" : Addresses.text(gateway);
  }

  private static String hostInterface(JoinAnswer join) {
    return switch (join.link()) {
      case LinkSource.Veth veth -> veth.hostName();
      case LinkSource.Existing existing -> existing.name();
      case null, default -> "";
    };
  }

  private static String interfaceName(JoinAnswer join, EndpointSpec wish, Set<String> taken) {
    if (join.inside() != null) {
      taken.add(join.inside().interfaceName());
      return join.inside().interfaceName();
    }
    return join.link() == null ? "" : interfaceName(wish, join.namePrefix(), taken);
  }

  private static List<String> linkLocal(EndpointSpec wish) {
    List<String> addresses = new ArrayList<>();
    for (String address : wish.addresses().linkLocal()) {
      addresses.add(address + "/" + (IpText.isIpv6(address) ? LINK_LOCAL_IPV6 : LINK_LOCAL_IPV4));
    }
    return addresses;
  }

  private static String interfaceName(EndpointSpec wish, String prefix, Set<String> taken) {
    String asked = EndpointOptions.of(wish.driverOptions()).interfaceName();
    if (!asked.isEmpty()) {
      if (!taken.add(asked)) {
        throw EngineException.internal("failed to rename link to " + asked + ": file exists", null);
      }
      return asked;
    }
    int number = 0;
    while (!taken.add(prefix + number)) {
      number++;
    }
    return prefix + number;
  }

  /** The interface of an endpoint, if it has one. */
  static Optional<InterfacePlan> plan(Endpoint endpoint) {
    LinkSource link = endpoint.join().link();
    if (link == null) {
      return Optional.empty();
    }
    EndpointStatus status = endpoint.status();
    List<InterfaceAddress> addresses = new ArrayList<>();
    for (EndpointStatus.Address address : List.of(status.ipv4(), status.ipv6())) {
      if (address.present()) {
        addresses.add(InterfaceAddress.of(address.cidr()));
      }
    }
    status.linkLocal().forEach(address -> addresses.add(InterfaceAddress.of(address)));
    return Optional.of(
        new InterfacePlan(
            link,
            status.interfaceName(),
            status.macAddress(),
            endpoint.join().mtuBytes(),
            addresses,
            endpoint.network().network().ipv6() || status.ipv6().present(),
            EndpointOptions.of(status.spec().driverOptions()).sysctls()));
  }

  /** An address of a record again. */
  static @Nullable InterfaceAddress interfaceAddress(EndpointStatus.Address address) {
    return address.present() ? InterfaceAddress.of(address.cidr()) : null;
  }

  /** The opposite of {@link #create}: idempotent, goes on past errors. */
  static void release(Endpoint endpoint, String containerId) {
    NetworkEntry network = endpoint.network();
    String endpointId = endpoint.status().id();
    TearDown.run(
        "endpoint " + endpointId,
        List.of(
            () -> network.driver().leave(network.network(), endpointId),
            () -> network.driver().deleteEndpoint(network.network(), endpointId),
            () -> endpoint.addresses().forEach(network.addresses()::free),
            () -> network.detach(containerId)));
  }
}
