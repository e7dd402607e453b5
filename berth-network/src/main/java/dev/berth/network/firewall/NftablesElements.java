package dev.berth.network.firewall;

import dev.berth.linux.SetElement;
import dev.berth.linux.SetElement.Fields;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What networks, ports and links are in the sets and maps of {@link NftablesRules}: everything that
 * changes is an element, so that a packet's way is as long with a thousand ports as with one.
 */
final class NftablesElements {
  private final List<NftablesElement> elements = new ArrayList<>();

  private NftablesElements() {}

  /** The elements of a network, in both families. */
  static List<NftablesElement> of(FirewallNetwork network) {
    NftablesElements made = new NftablesElements();
    for (IpFamily family : IpFamily.values()) {
      NetworkFamily side = network.family(family);
      if (side != null) {
        made.network(family, network, side);
      }
    }
    return made.elements;
  }

  private void network(IpFamily family, FirewallNetwork network, NetworkFamily side) {
    String bridge = quoted(network.bridge());
    add(family, network.icc() ? "talking" : "silent", bridge + " . " + bridge);
    if (network.internal() || side.mode() == GatewayMode.ISOLATED) {
      add(family, "internal", bridge);
      return;
    }
    add(family, "bridges", bridge);
    switch (side.mode()) {
      case ROUTED -> add(family, "routed", bridge);
      case NAT_UNPROTECTED -> add(family, "unprotected", bridge);
      case NAT, ISOLATED -> {}
    }
    for (String trusted : network.trustedInterfaces()) {
      add(family, "trusted", quoted(trusted) + " . " + bridge);
    }
    if (!side.mode().translates()) {
      return;
    }
    add(family, "translated", bridge);
    add(family, "homes", side.subnet() + " . " + bridge);
    if (side.masquerade() && side.sourceAddress() == null) {
      add(family, "masqueraded", side.subnet().toString());
    } else if (side.masquerade() && side.sourceAddress() != null) {
      add(family, "sources", side.subnet() + " : " + Addresses.text(side.sourceAddress()));
    }
  }

  /** The elements of published ports of a network. */
  static List<NftablesElement> of(FirewallNetwork network, PublishedPort port) {
    NftablesElements made = new NftablesElements();
    NetworkFamily side = network.family(port.family());
    if (side != null && !network.internal() && side.mode() != GatewayMode.ISOLATED) {
      for (int i = 0; i < port.count(); i++) {
        made.port(side, port, i);
      }
    }
    return made.elements;
  }

  private void port(NetworkFamily side, PublishedPort port, int offset) {
    IpFamily family = port.family();
    InetAddress container = port.containerAddress();
    int containerPort = port.containerPort() + offset;
    String protocol = port.protocol().text();
    int number = port.protocol().number();
    elements.add(
        new NftablesElement(
            family,
            "open",
            Addresses.text(container) + " . " + protocol + " . " + containerPort,
            SetElement.of(Fields.begin().address(container).protocol(number).port(containerPort))));
    if (!side.mode().translates()) {
      return;
    }
    InetAddress hostAddress = port.hostAddress();
    int hostPort = port.hostPort() + offset;
    String data = " : " + Addresses.text(container) + " . " + containerPort;
    Fields rawData = Fields.begin().address(container).port(containerPort);
    if (hostAddress.isAnyLocalAddress()) {
      elements.add(
          new NftablesElement(
              family,
              "published",
              protocol + " . " + hostPort + data,
              SetElement.of(Fields.begin().protocol(number).port(hostPort), rawData)));
    } else {
      elements.add(
          new NftablesElement(
              family,
              "published-on",
              Addresses.text(hostAddress) + " . " + protocol + " . " + hostPort + data,
              SetElement.of(
                  Fields.begin().address(hostAddress).protocol(number).port(hostPort), rawData)));
    }
  }

  /** The element of a link. */
  static NftablesElement of(FirewallLink link) {
    String text =
        String.join(
            " . ",
            Addresses.text(link.source()),
            Addresses.text(link.target()),
            link.protocol().text(),
            Integer.toString(link.targetPort()));
    Fields key =
        Fields.begin()
            .address(link.source())
            .address(link.target())
            .protocol(link.protocol().number())
            .port(link.targetPort());
    return new NftablesElement(IpFamily.of(link.target()), "links", text, SetElement.of(key));
  }

  private void add(IpFamily family, String set, String text) {
    elements.add(new NftablesElement(family, set, text, null));
  }

  private static String quoted(String name) {
    return "\"" + name + "\"";
  }
}
