package dev.berth.linux;

/**
 * Requests about interfaces. Each is sent by a {@link RouteSocket}; one that names an interface by
 * index or by name acts in that socket's namespace.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/rtnetlink.7.html">rtnetlink(7)</a>
 */
public final class Links {
  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int RTM_SETLINK = 19;

  /** RTNLGRP_LINK. */
  static final int GROUP = 1;

  static final int IFLA_ADDRESS = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINK = 5;
  static final int IFLA_MASTER = 10;
  static final int IFLA_OPERSTATE = 16;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_IFALIAS = 20;
  static final int IFLA_STATS64 = 23;
  static final int IFLA_NET_NS_FD = 28;
  static final int IFLA_LINK_NETNSID = 37;
  static final int IFLA_INFO_KIND = 1;
  static final int IFLA_INFO_DATA = 2;

  private static final int IFLA_PROTINFO = 12;
  private static final int IFF_UP = 1;
  private static final int AF_BRIDGE = 7;
  private static final int IFLA_BRPORT_MODE = 4;
  private static final int IFLA_BRPORT_LEARNING = 8;
  private static final int IFLA_BRPORT_UNICAST_FLOOD = 9;
  private static final int IFLA_BRPORT_NEIGH_SUPPRESS = 32;
  private static final int IFLA_BRPORT_ISOLATED = 33;
  private static final int NAME_BYTES = 15;
  private static final int CHANGE = NetlinkSocket.F_REQUEST | NetlinkSocket.F_ACK;

  private Links() {}

  /** Makes an interface; EEXIST when the name is taken. */
  public static NetlinkRequest create(LinkSpec spec) {
    checkName(spec.name());
    checkPeerIndex(spec);
    NetlinkWriter out =
        new NetlinkWriter(RTM_NEWLINK, CHANGE | NetlinkSocket.F_CREATE | NetlinkSocket.F_EXCL);
    int flags = spec.up() ? IFF_UP : 0;
    interfaceInfo(out, spec.index().orElse(0), flags, flags);
    out.attributeText(IFLA_IFNAME, spec.name());
    spec.mac().ifPresent(mac -> out.attribute(IFLA_ADDRESS, mac.toBytes()));
    spec.mtuBytes().ifPresent(mtu -> out.attribute32(IFLA_MTU, mtu));
    spec.masterIndex().ifPresent(master -> out.attribute32(IFLA_MASTER, master));
    LinkKindCodec.parent(spec.kind()).ifPresent(parent -> out.attribute32(IFLA_LINK, parent));
    if (!spec.alias().isEmpty()) {
      out.attributeText(IFLA_IFALIAS, spec.alias());
    }
    if (spec.namespace() != null) {
      out.attribute32(IFLA_NET_NS_FD, spec.namespace().number());
    }
    int info = out.nest(IFLA_LINKINFO | NetlinkWriter.NESTED);
    out.attributeText(IFLA_INFO_KIND, spec.kind().kernelName());
    LinkKindCodec.write(out, spec.kind());
    out.end(info);
    return new NetlinkRequest(
        "RTM_NEWLINK", spec.name() + " type " + spec.kind().kernelName(), out);
  }

  /** Removes an interface; ENODEV when there is none. Deleting a veth costs 11 to 20 ms. */
  public static NetlinkRequest delete(String name) {
    NetlinkWriter out = new NetlinkWriter(RTM_DELLINK, CHANGE);
    interfaceInfo(out, 0, 0, 0);
    out.attributeText(IFLA_IFNAME, name);
    return new NetlinkRequest("RTM_DELLINK", name, out);
  }

  /** Removes an interface by number. */
  public static NetlinkRequest delete(int index) {
    NetlinkWriter out = new NetlinkWriter(RTM_DELLINK, CHANGE);
    interfaceInfo(out, index, 0, 0);
    return new NetlinkRequest("RTM_DELLINK", "index " + index, out);
  }

  /** Brings an interface up. */
  public static NetlinkRequest up(int index) {
    return set(index, IFF_UP, "up");
  }

  /** Brings an interface up, by name. */
  public static NetlinkRequest up(String name) {
    NetlinkWriter out = new NetlinkWriter(RTM_NEWLINK, CHANGE);
    interfaceInfo(out, 0, IFF_UP, IFF_UP);
    out.attributeText(IFLA_IFNAME, name);
    return new NetlinkRequest("RTM_NEWLINK", name + " up", out);
  }

  /** Takes an interface down. */
  public static NetlinkRequest down(int index) {
    return set(index, 0, "down");
  }

  private static NetlinkRequest set(int index, int flags, String word) {
    NetlinkWriter out = new NetlinkWriter(RTM_NEWLINK, CHANGE);
    interfaceInfo(out, index, flags, IFF_UP);
    return new NetlinkRequest("RTM_NEWLINK", "index " + index + " " + word, out);
  }

  /**
   * Makes an interface a port of a bridge.
   *
   * @param masterIndex the bridge; 0 to leave it
   */
  public static NetlinkRequest master(int index, int masterIndex) {
    NetlinkWriter out = change(index).attribute32(IFLA_MASTER, masterIndex);
    return new NetlinkRequest("RTM_NEWLINK", "index " + index + " master " + masterIndex, out);
  }

  /** Keeps a text with an interface; the kernel takes none while it makes one. */
  public static NetlinkRequest alias(int index, String text) {
    NetlinkWriter out = change(index).attributeText(IFLA_IFALIAS, text);
    return new NetlinkRequest("RTM_NEWLINK", "index " + index + " alias " + text, out);
  }

  /** Gives an interface another name; before Linux 6.0 it must be down. */
  public static NetlinkRequest rename(int index, String name) {
    checkName(name);
    NetlinkWriter out = change(index).attributeText(IFLA_IFNAME, name);
    return new NetlinkRequest("RTM_NEWLINK", "index " + index + " name " + name, out);
  }

  /** Sets the MTU. */
  public static NetlinkRequest mtu(int index, int bytes) {
    NetlinkWriter out = change(index).attribute32(IFLA_MTU, bytes);
    return new NetlinkRequest("RTM_NEWLINK", "index " + index + " mtu " + bytes, out);
  }

  /** Sets the hardware address. */
  public static NetlinkRequest mac(int index, MacAddress mac) {
    NetlinkWriter out = change(index).attribute(IFLA_ADDRESS, mac.toBytes());
    return new NetlinkRequest("RTM_NEWLINK", "index " + index + " address " + mac, out);
  }

  /** Moves an interface to another namespace. Slow for a veth: make it there instead. */
  public static NetlinkRequest move(int index, Fd namespace) {
    NetlinkWriter out = change(index).attribute32(IFLA_NET_NS_FD, namespace.number());
    return new NetlinkRequest("RTM_NEWLINK", "index " + index + " netns", out);
  }

  /** Changes the options of a bridge. */
  public static NetlinkRequest bridge(int index, BridgeOptions options) {
    NetlinkWriter out = change(index);
    int info = out.nest(IFLA_LINKINFO | NetlinkWriter.NESTED);
    out.attributeText(IFLA_INFO_KIND, "bridge");
    LinkKindCodec.write(out, new LinkKind.Bridge(options));
    out.end(info);
    return new NetlinkRequest("RTM_NEWLINK", "index " + index + " type bridge", out);
  }

  /** Changes the options of a port of a bridge. */
  public static NetlinkRequest bridgePort(int index, BridgePortOptions options) {
    NetlinkWriter out = new NetlinkWriter(RTM_SETLINK, CHANGE);
    out.int8(AF_BRIDGE).int8(0).int16(0).int32(index).int32(0).int32(0);
    int port = out.nest(IFLA_PROTINFO | NetlinkWriter.NESTED);
    options.hairpin().ifPresent(on -> out.attribute8(IFLA_BRPORT_MODE, on));
    options.learning().ifPresent(on -> out.attribute8(IFLA_BRPORT_LEARNING, on));
    options.flood().ifPresent(on -> out.attribute8(IFLA_BRPORT_UNICAST_FLOOD, on));
    options.neighbourSuppression().ifPresent(on -> out.attribute8(IFLA_BRPORT_NEIGH_SUPPRESS, on));
    options.isolated().ifPresent(on -> out.attribute8(IFLA_BRPORT_ISOLATED, on));
    out.end(port);
    return new NetlinkRequest("RTM_SETLINK", "bridge port index " + index, out);
  }

  static NetlinkRequest get(int index, String name) {
    NetlinkWriter out = new NetlinkWriter(RTM_GETLINK, NetlinkSocket.F_REQUEST);
    interfaceInfo(out, index, 0, 0);
    if (!name.isEmpty()) {
      out.attributeText(IFLA_IFNAME, name);
    }
    return new NetlinkRequest("RTM_GETLINK", name.isEmpty() ? "index " + index : name, out);
  }

  static NetlinkRequest dump() {
    int flags = NetlinkSocket.F_REQUEST | NetlinkSocket.F_DUMP;
    NetlinkWriter out = new NetlinkWriter(RTM_GETLINK, flags);
    interfaceInfo(out, 0, 0, 0);
    return new NetlinkRequest("RTM_GETLINK", "all", out);
  }

  private static NetlinkWriter change(int index) {
    NetlinkWriter out = new NetlinkWriter(RTM_NEWLINK, CHANGE);
    interfaceInfo(out, index, 0, 0);
    return out;
  }

  /** struct ifinfomsg. */
  static void interfaceInfo(NetlinkWriter out, int index, int flags, int change) {
    out.int8(0).int8(0).int16(0).int32(index).int32(flags).int32(change);
  }

  private static void checkPeerIndex(LinkSpec spec) {
    if (spec.kind() instanceof LinkKind.Veth veth
        && veth.peer().index().isPresent()
        && spec.index().isEmpty()) {
      throw new IllegalArgumentException(
          "the kernel heeds the number of a veth's peer only if "
              + spec.name()
              + " has a given number too; ask for the peer's number afterwards");
    }
  }

  private static void checkName(String name) {
    if (name.isEmpty() || KernelStrings.encode(name).length > NAME_BYTES) {
      throw new LinuxException(Errno.EINVAL, "link", name, "a name has 1 to 15 bytes");
    }
  }
}
