package dev.berth.linux;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What kind of interface to make, with the options of that kind. An empty option is left to the
 * kernel.
 *
 * @see <a href="https://man7.org/linux/man-pages/man8/ip-link.8.html">ip-link(8)</a>
 */
public sealed interface LinkKind {
  /** The kernel's word, for instance {@code veth}. */
  String kernelName();

  /**
   * A bridge.
   *
   * @param options its options
   */
  record Bridge(BridgeOptions options) implements LinkKind {
    @Override
    public String kernelName() {
      return "bridge";
    }
  }

  /**
   * A pair of interfaces; this record describes the other end.
   *
   * @param peer name, MAC, MTU, master and namespace of the other end; its kind is not looked at.
   *     The kernel does not bring the other end up in the same message
   */
  record Veth(Peer peer) implements LinkKind {
    @Override
    public String kernelName() {
      return "veth";
    }
  }

  /**
   * The other end of a veth pair.
   *
   * @param name its name there
   * @param mac its hardware address
   * @param mtuBytes its MTU
   * @param namespace where it lives; null for the same namespace. Must be open when the request is
   *     sent
   * @param index its number there; the kernel chooses when empty. The kernel heeds it only when
   *     this end's number is given too ({@link LinkSpec#withIndex}); otherwise leave it empty and
   *     ask afterwards by {@link RouteSocket#link(String)}
   */
  record Peer(
      String name,
      Optional<MacAddress> mac,
      OptionalInt mtuBytes,
      @Nullable Fd namespace,
      OptionalInt index) {}

  /**
   * An own MAC on the wire of another interface.
   *
   * @param parentIndex that interface
   * @param mode how those with the same parent reach each other
   */
  record Macvlan(int parentIndex, MacvlanMode mode) implements LinkKind {
    @Override
    public String kernelName() {
      return "macvlan";
    }
  }

  /** The modes of macvlan. */
  enum MacvlanMode {
    /** Not at all. */
    PRIVATE(1),
    /** By the switch outside. */
    VEPA(2),
    /** Directly. */
    BRIDGE(4),
    /** There is only one. */
    PASSTHRU(8);

    private final int number;

    MacvlanMode(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /**
   * An own address on the wire and MAC of another interface.
   *
   * @param parentIndex that interface
   * @param mode which layer decides
   * @param flag how those with the same parent reach each other
   */
  record Ipvlan(int parentIndex, IpvlanMode mode, IpvlanFlag flag) implements LinkKind {
    @Override
    public String kernelName() {
      return "ipvlan";
    }
  }

  /** The modes of ipvlan. */
  enum IpvlanMode {
    /** By MAC. */
    L2(0),
    /** By address. */
    L3(1),
    /** By address, with connection tracking. */
    L3S(2);

    private final int number;

    IpvlanMode(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /** The flags of ipvlan. */
  enum IpvlanFlag {
    /** Directly. */
    BRIDGE(0),
    /** Not at all. */
    PRIVATE(1),
    /** By the switch outside. */
    VEPA(2);

    private final int number;

    IpvlanFlag(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }
  }

  /**
   * A tagged part of another interface.
   *
   * @param parentIndex that interface
   * @param id the 802.1Q tag
   */
  record Vlan(int parentIndex, int id) implements LinkKind {
    @Override
    public String kernelName() {
      return "vlan";
    }
  }

  /**
   * A tunnel.
   *
   * @param id the VNI
   * @param port UDP port
   * @param local source address; null for the kernel's choice
   * @param group where unknown destinations go, a group or a peer; null for nowhere
   * @param parentIndex interface under it, 0 for none
   * @param learning whether senders are remembered
   */
  record Vxlan(
      int id,
      int port,
      @Nullable InetAddress local,
      @Nullable InetAddress group,
      int parentIndex,
      boolean learning)
      implements LinkKind {
    @Override
    public String kernelName() {
      return "vxlan";
    }
  }

  /** An interface that leads nowhere. */
  record Dummy() implements LinkKind {
    @Override
    public String kernelName() {
      return "dummy";
    }
  }
}
