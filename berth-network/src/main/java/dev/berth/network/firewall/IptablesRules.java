package dev.berth.network.firewall;

import dev.berth.network.firewall.IptablesRule.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of one address family as a pure function of the state, in the chains which
 * administrators of Docker 28 know. See iptables-extensions(8) for the matches.
 *
 * <p>Two things differ from Docker on purpose. A container's port is accepted only for connections
 * that were translated on this host (state DNAT), so that isolation does not rest on the raw table
 * alone, and the raw table has one rule a network instead of one a container. Connections to an
 * address of the loopback network are translated only where they are made, in OUTPUT, never when
 * they arrive.
 */
final class IptablesRules {
  static final String FILTER = "filter";
  static final String NAT = "nat";
  static final String RAW = "raw";
  static final String USER_CHAIN = "DOCKER-USER";

  /** Our chains in the filter table; DOCKER-USER is the user's. */
  static final List<String> FILTER_CHAINS =
      List.of(
          "DOCKER",
          "DOCKER-BRIDGE",
          "DOCKER-CT",
          "DOCKER-FORWARD",
          "DOCKER-ISOLATION-STAGE-1",
          "DOCKER-ISOLATION-STAGE-2");

  /** Our chains in the nat table. */
  static final List<String> NAT_CHAINS = List.of("DOCKER");

  private static final String ISOLATION = "DOCKER-ISOLATION-STAGE-1";
  private static final String ISOLATION_DROPS = "DOCKER-ISOLATION-STAGE-2";
  private static final String DNAT_STATE = " -m conntrack --ctstate DNAT";

  private final FirewallSettings settings;
  private final IpFamily family;
  private final List<IptablesRule> rules = new ArrayList<>();

  private IptablesRules(FirewallSettings settings, IpFamily family) {
    this.settings = settings;
    this.family = family;
  }

  /** Every rule of the family, chain by chain in the order in which they stand in the kernel. */
  static List<IptablesRule> all(FirewallState state, IpFamily family) {
    IptablesRules all = new IptablesRules(state.settings(), family);
    all.base();
    state.networks().values().forEach(all::network);
    all.hangingOn(state, state.ports(), state.links());
    List<IptablesRule> ordered = new ArrayList<>();
    for (Place place : Place.values()) {
      all.rules.stream().filter(rule -> rule.place() == place).forEach(ordered::add);
    }
    return ordered;
  }

  /** The rules that a delta takes away. */
  static List<IptablesRule> removed(FirewallDelta delta, IpFamily family) {
    IptablesRules gone = new IptablesRules(delta.before().settings(), family);
    gone.hangingOn(delta.before(), delta.removedPorts(), delta.removedLinks());
    delta.removedNetworks().forEach(gone::network);
    return gone.rules;
  }

  /** The rules that a delta adds. */
  static List<IptablesRule> added(FirewallDelta delta, IpFamily family) {
    IptablesRules come = new IptablesRules(delta.after().settings(), family);
    delta.addedNetworks().forEach(come::network);
    come.hangingOn(delta.after(), delta.addedPorts(), delta.addedLinks());
    return come.rules;
  }

  private void hangingOn(
      FirewallState state, Iterable<PublishedPort> ports, Iterable<FirewallLink> links) {
    for (PublishedPort port : ports) {
      FirewallNetwork network = state.networks().get(port.networkId());
      if (network != null && port.family() == family) {
        port(network, port);
      }
    }
    for (FirewallLink link : links) {
      FirewallNetwork network = state.networks().get(link.networkId());
      if (network != null && IpFamily.of(link.target()) == family) {
        link(network, link);
      }
    }
  }

  private void base() {
    add(FILTER, "FORWARD", Place.BASE, "-j " + USER_CHAIN);
    add(FILTER, "FORWARD", Place.BASE, "-j DOCKER-FORWARD");
    add(FILTER, "DOCKER-FORWARD", Place.BASE, "-j DOCKER-CT");
    add(FILTER, "DOCKER-FORWARD", Place.BASE, "-j " + ISOLATION);
    add(FILTER, "DOCKER-FORWARD", Place.BASE, "-j DOCKER-BRIDGE");
    // A published port may be reached from every network, by the host's address.
    add(FILTER, ISOLATION, Place.BASE, DNAT_STATE.strip() + " -j RETURN");
    String notLoopback = family == IpFamily.IPV4 ? "! -d 127.0.0.0/8 " : "! -d ::1/128 ";
    String local = "-m addrtype --dst-type LOCAL -j DOCKER";
    add(NAT, "PREROUTING", Place.BASE, notLoopback + local);
    add(NAT, "OUTPUT", Place.BASE, (family == IpFamily.IPV4 ? "" : notLoopback) + local);
  }

  private void network(FirewallNetwork network) {
    NetworkFamily side = network.family(family);
    if (side == null) {
      return;
    }
    String bridge = network.bridge();
    String within = "-i " + bridge + " -o " + bridge;
    if (network.internal() || side.mode() == GatewayMode.ISOLATED) {
      add(FILTER, ISOLATION, Place.HEAD, "! -i " + bridge + " -o " + bridge + " -j DROP");
      add(FILTER, ISOLATION, Place.HEAD, "-i " + bridge + " ! -o " + bridge + " -j DROP");
      add(FILTER, "DOCKER-BRIDGE", Place.TAIL, "-o " + bridge + " -j DOCKER");
      add(
          FILTER,
          "DOCKER-FORWARD",
          Place.TAIL,
          within + (network.icc() ? " -j ACCEPT" : " -j DROP"));
      return;
    }
    external(network, side);
    add(FILTER, "DOCKER-FORWARD", Place.TAIL, within + (network.icc() ? " -j ACCEPT" : " -j DROP"));
    add(FILTER, "DOCKER-FORWARD", Place.TAIL, "-i " + bridge + " ! -o " + bridge + " -j ACCEPT");
    if (!network.icc()) {
      add(FILTER, "DOCKER", Place.HEAD, within + DNAT_STATE + " -j ACCEPT");
    }
    sources(network, side);
    directAccess(network, side);
  }

  private void external(FirewallNetwork network, NetworkFamily side) {
    String bridge = network.bridge();
    add(
        FILTER,
        "DOCKER-CT",
        Place.TAIL,
        "-o " + bridge + " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
    add(
        FILTER,
        ISOLATION,
        Place.TAIL,
        "-i " + bridge + " ! -o " + bridge + " -j " + ISOLATION_DROPS);
    if (side.mode() == GatewayMode.ROUTED) {
      String icmp = family == IpFamily.IPV4 ? "icmp" : "ipv6-icmp";
      add(FILTER, "DOCKER", Place.HEAD, "-o " + bridge + " -p " + icmp + " -j ACCEPT");
    } else {
      add(FILTER, ISOLATION_DROPS, Place.TAIL, "-o " + bridge + " -j DROP");
    }
    add(FILTER, "DOCKER-BRIDGE", Place.TAIL, "-o " + bridge + " -j DOCKER");
    String others = "! -i " + bridge + " -o " + bridge;
    boolean open = side.mode() == GatewayMode.NAT_UNPROTECTED;
    add(FILTER, "DOCKER", Place.TAIL, others + (open ? " -j ACCEPT" : " -j DROP"));
  }

  /** What happens to source addresses. */
  private void sources(FirewallNetwork network, NetworkFamily side) {
    if (!side.mode().translates()) {
      return;
    }
    String bridge = network.bridge();
    String subnet = side.subnet().toString();
    if (side.masquerade()) {
      String target =
          side.sourceAddress() == null
              ? " -j MASQUERADE"
              : " -j SNAT --to-source " + Addresses.text(side.sourceAddress());
      add(NAT, "POSTROUTING", Place.TAIL, "-s " + subnet + " ! -o " + bridge + target);
    }
    // The answer to a neighbour who came by the host's address has to come back through the host.
    add(
        NAT,
        "POSTROUTING",
        Place.TAIL,
        "-s " + subnet + " -d " + subnet + " -o " + bridge + DNAT_STATE + " -j MASQUERADE");
    if (family == IpFamily.IPV4) {
      add(NAT, "POSTROUTING", Place.TAIL, "-s 127.0.0.0/8 -o " + bridge + " -j MASQUERADE");
      // The bridge has route_localnet set; what that would open is closed here.
      add(RAW, "PREROUTING", Place.TAIL, "-s 127.0.0.0/8 -i " + bridge + " -j DROP");
      add(RAW, "PREROUTING", Place.TAIL, "-d 127.0.0.0/8 -i " + bridge + " -j DROP");
    }
  }

  /**
   * Packets which others route straight to a container's address. Where containers keep their
   * address on the way out, answers come like that too, so only the filter table protects such a
   * network.
   */
  private void directAccess(FirewallNetwork network, NetworkFamily side) {
    if (side.mode() != GatewayMode.NAT || settings.allowDirectRouting() || !side.masquerade()) {
      return;
    }
    String subnet = "-d " + side.subnet();
    for (String trusted : network.trustedInterfaces()) {
      add(RAW, "PREROUTING", Place.HEAD, subnet + " -i " + trusted + " -j ACCEPT");
    }
    add(
        RAW,
        "PREROUTING",
        Place.TAIL,
        subnet + " ! -i " + network.bridge() + " -m addrtype ! --dst-type LOCAL -j DROP");
  }

  private void port(FirewallNetwork network, PublishedPort port) {
    NetworkFamily side = network.family(family);
    if (side == null || network.internal() || side.mode() == GatewayMode.ISOLATED) {
      return;
    }
    String protocol = port.protocol().text();
    String ofProtocol = " -p " + protocol + " -m " + protocol + " --dport ";
    String container = "-d " + host(Addresses.text(port.containerAddress()));
    String bridge = network.bridge();
    String opened = ofProtocol + range(port.containerPort(), port.lastContainerPort());
    boolean direct = side.mode() != GatewayMode.NAT || settings.allowDirectRouting();
    if (direct) {
      add(
          FILTER,
          "DOCKER",
          Place.HEAD,
          container + " ! -i " + bridge + " -o " + bridge + opened + " -j ACCEPT");
    } else {
      add(
          FILTER,
          "DOCKER",
          Place.HEAD,
          container + " -o " + bridge + opened + DNAT_STATE + " -j ACCEPT");
      for (String trusted : network.trustedInterfaces()) {
        add(
            FILTER,
            "DOCKER",
            Place.HEAD,
            container + " -i " + trusted + " -o " + bridge + opened + " -j ACCEPT");
      }
    }
    if (side.mode().translates()) {
      String address =
          port.hostAddress().isAnyLocalAddress()
              ? ""
              : "-d " + host(Addresses.text(port.hostAddress())) + " ";
      String matched =
          (address + ofProtocol.strip()) + " " + range(port.hostPort(), port.lastHostPort());
      add(NAT, "DOCKER", Place.TAIL, matched + " -j DNAT --to-destination " + destination(port));
    }
  }

  private static String destination(PublishedPort port) {
    if (port.hostPort() == port.containerPort()) {
      return Addresses.text(port.containerAddress());
    }
    String address = Addresses.hostText(port.containerAddress());
    if (port.count() == 1) {
      return address + ":" + port.containerPort();
    }
    return address
        + ":"
        + port.containerPort()
        + "-"
        + port.lastContainerPort()
        + "/"
        + port.hostPort();
  }

  private void link(FirewallNetwork network, FirewallLink link) {
    String bridge = network.bridge();
    String protocol = link.protocol().text();
    String source = host(Addresses.text(link.source()));
    String target = host(Addresses.text(link.target()));
    String on = " -i " + bridge + " -o " + bridge + " -p " + protocol + " -m " + protocol;
    add(
        FILTER,
        "DOCKER",
        Place.HEAD,
        "-s " + source + " -d " + target + on + " --dport " + link.targetPort() + " -j ACCEPT");
    add(
        FILTER,
        "DOCKER",
        Place.HEAD,
        "-s " + target + " -d " + source + on + " --sport " + link.targetPort() + " -j ACCEPT");
  }

  private String host(String address) {
    return address + (family == IpFamily.IPV4 ? "/32" : "/128");
  }

  private static String range(int first, int last) {
    return first == last ? Integer.toString(first) : first + ":" + last;
  }

  private void add(String table, String chain, Place place, String spec) {
    rules.add(new IptablesRule(table, chain, place, spec));
  }
}
