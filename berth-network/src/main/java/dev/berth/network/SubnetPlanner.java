package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.IpText;
import dev.berth.network.ipam.NetworkAddresses;
import dev.berth.network.ipam.SubnetChooser;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives a network its subnets, gateways and auxiliary addresses. Pure: what is occupied comes in,
 * what was decided goes out.
 */
final class SubnetPlanner {
  private static final String AUTOMATIC = "";

  private final SubnetChooser chooser;

  SubnetPlanner(SubnetChooser chooser) {
    this.chooser = chooser;
  }

  /**
   * What was decided.
   *
   * @param pools for the record
   * @param addresses the same at work
   */
  record Decision(List<NetworkRecord.Pool> pools, NetworkAddresses addresses) {}

  /**
   * Decides.
   *
   * @param network without subnets
   * @param driver knows whether gateways are wanted
   * @param networks the subnets of all other networks
   * @param host the blocks that the host itself is on or routes to
   */
  Decision decide(
      NetworkRecord network, NetworkDriver driver, List<Cidr> networks, List<Cidr> host) {
    List<IpamSpec.Config> configs = new ArrayList<>();
    List<Cidr> subnets = new ArrayList<>();
    for (boolean six : new boolean[] {false, true}) {
      if (six ? network.ipv6() : network.ipv4()) {
        for (IpamSpec.Config config : configs(network, six)) {
          configs.add(config);
          subnets.add(subnet(config, six, concat(networks, subnets), host));
        }
      }
    }
    NetworkAddresses addresses = addresses(network, configs, subnets);
    List<NetworkRecord.Pool> pools = new ArrayList<>();
    for (int i = 0; i < configs.size(); i++) {
      Candidate candidate = new Candidate(i, subnets.get(i), configs.get(i));
      boolean gateway = driver.wantsGateway(network, candidate.subnet().ipv6());
      pools.add(pool(candidate, gateway, addresses));
    }
    return new Decision(List.copyOf(pools), addresses);
  }

  /** The same addresses at work again, from a record. */
  static NetworkAddresses restore(NetworkRecord network) {
    List<NetworkAddresses.Subnet> subnets = new ArrayList<>();
    for (NetworkRecord.Pool pool : network.pools()) {
      List<InetAddress> taken = new ArrayList<>();
      IpText.parse(pool.gateway()).ifPresent(taken::add);
      pool.auxiliaryAddresses().values().forEach(a -> IpText.parse(a).ifPresent(taken::add));
      Cidr range = Cidr.parse(pool.ipRange()).map(Cidr.Written::block).orElse(null);
      subnets.add(new NetworkAddresses.Subnet(Cidr.of(pool.subnet()), range, taken));
    }
    return new NetworkAddresses(network.name(), network.id(), subnets);
  }

  private static List<IpamSpec.Config> configs(NetworkRecord network, boolean six) {
    List<IpamSpec.Config> given =
        network.ipam().configs().stream().filter(config -> isIpv6(config) == six).toList();
    return given.isEmpty() ? List.of(IpamSpec.Config.subnet(AUTOMATIC)) : given;
  }

  /** A subnet that the engine is to choose is of the family of what lies in it. */
  private static boolean isIpv6(IpamSpec.Config config) {
    return config.subnet().contains(":")
        || (config.subnet().equals(AUTOMATIC)
            && config.auxiliaryAddresses().values().stream().anyMatch(IpText::isIpv6));
  }

  private Cidr subnet(IpamSpec.Config config, boolean six, List<Cidr> networks, List<Cidr> host) {
    if (config.subnet().equals(AUTOMATIC)) {
      return chooser
          .choose(six, concat(networks, host))
          .orElseThrow(() ->
              EngineException.invalid("all predefined address pools have been fully subnetted"));
    }
    Cidr subnet = Cidr.of(config.subnet());
    if (networks.stream().anyMatch(subnet::overlaps)) {
      throw EngineException.forbidden(
          "invalid pool request: Pool overlaps with other one on this address space");
    }
    return subnet;
  }

  private static NetworkAddresses addresses(
      NetworkRecord network, List<IpamSpec.Config> configs, List<Cidr> subnets) {
    List<NetworkAddresses.Subnet> parts = new ArrayList<>();
    for (int i = 0; i < subnets.size(); i++) {
      Cidr range = Cidr.parse(configs.get(i).ipRange()).map(Cidr.Written::block).orElse(null);
      parts.add(new NetworkAddresses.Subnet(subnets.get(i), range, List.of()));
    }
    return new NetworkAddresses(network.name(), network.id(), parts);
  }

  /** One subnet, its place among the network's and what the user said about it. */
  private record Candidate(int index, Cidr subnet, IpamSpec.Config config) {}

  private static NetworkRecord.Pool pool(
      Candidate candidate, boolean wantsGateway, NetworkAddresses addresses) {
    IpamSpec.Config config = candidate.config();
    String gateway = config.gateway();
    if (!gateway.isEmpty()) {
      take(addresses, gateway, "gateway (" + gateway + ")");
    } else if (wantsGateway) {
      gateway = Addresses.text(firstFree(addresses, candidate));
    }
    for (Map.Entry<String, String> auxiliary : config.auxiliaryAddresses().entrySet()) {
      String pair = auxiliary.getKey() + ":" + auxiliary.getValue();
      take(addresses, auxiliary.getValue(), "secondary ip address (" + pair + ")");
    }
    return new NetworkRecord.Pool(
        candidate.subnet().toString(),
        config.ipRange(),
        gateway,
        config.auxiliaryAddresses(),
        config.subnet().equals(AUTOMATIC));
  }

  private static InetAddress firstFree(NetworkAddresses addresses, Candidate candidate) {
    return addresses
        .takeFrom(candidate.index())
        .orElseThrow(() ->
            EngineException.internal(
                "failed to allocate gateway (): no available addresses on this pool: "
                    + candidate.subnet(),
                null));
  }

  private static void take(NetworkAddresses addresses, String text, String what) {
    try {
      addresses.take(IpText.parse(text).orElseThrow());
    } catch (EngineException taken) {
      throw new EngineException(
          ErrorKind.INTERNAL, "failed to allocate " + what + ": " + taken.text(), taken);
    }
  }

  private static <T> List<T> concat(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
