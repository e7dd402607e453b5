package dev.berth.linux;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.OptionalInt;

/** Writes the IFLA_INFO_DATA of each kind of interface. */
final class LinkKindCodec {
  private static final int IFLA_BR_FORWARD_DELAY = 1;
  private static final int IFLA_BR_STP_STATE = 5;
  private static final int IFLA_BR_VLAN_FILTERING = 7;
  private static final int IFLA_BR_MCAST_SNOOPING = 23;
  private static final int IFLA_BR_VLAN_DEFAULT_PVID = 39;
  private static final int VETH_INFO_PEER = 1;
  private static final int IFLA_MACVLAN_MODE = 1;
  private static final int IFLA_IPVLAN_MODE = 1;
  private static final int IFLA_IPVLAN_FLAGS = 2;
  private static final int IFLA_VLAN_ID = 1;
  private static final int IFLA_VXLAN_ID = 1;
  private static final int IFLA_VXLAN_GROUP = 2;
  private static final int IFLA_VXLAN_LINK = 3;
  private static final int IFLA_VXLAN_LOCAL = 4;
  private static final int IFLA_VXLAN_LEARNING = 7;
  private static final int IFLA_VXLAN_PORT = 15;
  private static final int IFLA_VXLAN_GROUP6 = 16;
  private static final int IFLA_VXLAN_LOCAL6 = 17;

  private LinkKindCodec() {}

  /** The interface under this one, where the kind has one. */
  static OptionalInt parent(LinkKind kind) {
    return switch (kind) {
      case LinkKind.Macvlan macvlan -> OptionalInt.of(macvlan.parentIndex());
      case LinkKind.Ipvlan ipvlan -> OptionalInt.of(ipvlan.parentIndex());
      case LinkKind.Vlan vlan -> OptionalInt.of(vlan.parentIndex());
      case LinkKind.Bridge _, LinkKind.Veth _, LinkKind.Vxlan _, LinkKind.Dummy _ ->
          OptionalInt.empty();
    };
  }

  static void write(NetlinkWriter out, LinkKind kind) {
    int data = out.nest(Links.IFLA_INFO_DATA | NetlinkWriter.NESTED);
    switch (kind) {
      case LinkKind.Bridge bridge -> bridge(out, bridge.options());
      case LinkKind.Veth veth -> peer(out, veth.peer());
      case LinkKind.Macvlan macvlan -> out.attribute32(IFLA_MACVLAN_MODE, macvlan.mode().number());
      case LinkKind.Ipvlan ipvlan ->
          out.attribute16(IFLA_IPVLAN_MODE, ipvlan.mode().number())
              .attribute16(IFLA_IPVLAN_FLAGS, ipvlan.flag().number());
      case LinkKind.Vlan vlan -> out.attribute16(IFLA_VLAN_ID, vlan.id());
      case LinkKind.Vxlan vxlan -> vxlan(out, vxlan);
      case LinkKind.Dummy _ -> {}
    }
    out.end(data);
  }

  static void bridge(NetlinkWriter out, BridgeOptions options) {
    options.forwardDelayHundredths().ifPresent(v -> out.attribute32(IFLA_BR_FORWARD_DELAY, v));
    options.stp().ifPresent(on -> out.attribute32(IFLA_BR_STP_STATE, on ? 1 : 0));
    options.vlanFiltering().ifPresent(on -> out.attribute8(IFLA_BR_VLAN_FILTERING, on));
    options.multicastSnooping().ifPresent(on -> out.attribute8(IFLA_BR_MCAST_SNOOPING, on));
    options.defaultVlan().ifPresent(tag -> out.attribute16(IFLA_BR_VLAN_DEFAULT_PVID, tag));
  }

  private static void peer(NetlinkWriter out, LinkKind.Peer peer) {
    int nest = out.nest(VETH_INFO_PEER | NetlinkWriter.NESTED);
    Links.interfaceInfo(out, peer.index().orElse(0), 0, 0);
    out.attributeText(Links.IFLA_IFNAME, peer.name());
    peer.mac().ifPresent(mac -> out.attribute(Links.IFLA_ADDRESS, mac.toBytes()));
    peer.mtuBytes().ifPresent(mtu -> out.attribute32(Links.IFLA_MTU, mtu));
    if (peer.namespace() != null) {
      out.attribute32(Links.IFLA_NET_NS_FD, peer.namespace().number());
    }
    out.end(nest);
  }

  private static void vxlan(NetlinkWriter out, LinkKind.Vxlan vxlan) {
    out.attribute32(IFLA_VXLAN_ID, vxlan.id())
        .attribute16BigEndian(IFLA_VXLAN_PORT, vxlan.port())
        .attribute8(IFLA_VXLAN_LEARNING, vxlan.learning());
    InetAddress local = vxlan.local();
    if (local != null) {
      out.attribute(local instanceof Inet6Address ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, local);
    }
    InetAddress group = vxlan.group();
    if (group != null) {
      out.attribute(group instanceof Inet6Address ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP, group);
    }
    if (vxlan.parentIndex() != 0) {
      out.attribute32(IFLA_VXLAN_LINK, vxlan.parentIndex());
    }
  }
}
