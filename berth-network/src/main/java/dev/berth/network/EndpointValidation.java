package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.driver.cni.CniDriver;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.IpText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks what a container wants of a network, with Docker's texts. */
final class EndpointValidation {
  private EndpointValidation() {}

  /**
   * Checks all of it.
   *
   * @throws EngineException of kind INVALID that names every error
   */
  static void check(EndpointSpec spec, NetworkRecord network) {
    List<String> errors = new ArrayList<>();
    EndpointSpec.StaticAddresses wanted = spec.addresses();
    if (network.predefined()) {
      if (!wanted.ipv4().isEmpty() || !wanted.ipv6().isEmpty()) {
        errors.add("user specified IP address is supported on user defined networks only");
      }
      if (!spec.aliases().isEmpty()) {
        errors.add("network-scoped aliases are only supported for user-defined networks");
      }
    }
    checkForm(wanted, errors);
    // Whoever brings addresses of its own knows what can be asked for.
    if (!network.predefined() && !network.driver().equals(CniDriver.NAME)) {
      checkSubnet(wanted.ipv4(), false, network, errors);
      checkSubnet(wanted.ipv6(), true, network, errors);
    }
    if (!spec.macAddress().isEmpty() && MacAddresses.normalize(spec.macAddress()).isEmpty()) {
      throw EngineException.invalid("invalid MAC address " + spec.macAddress());
    }
    errors.addAll(EndpointOptions.errors(spec.driverOptions()));
    if (!errors.isEmpty()) {
      throw EngineException.invalid("invalid endpoint settings:\n" + IpamValidation.join(errors));
    }
  }

  private static void checkForm(EndpointSpec.StaticAddresses wanted, List<String> errors) {
    if (!wanted.ipv4().isEmpty() && (!IpText.isIpv4(wanted.ipv4()) || isAny(wanted.ipv4()))) {
      errors.add("invalid IPv4 address: " + wanted.ipv4());
    }
    if (!wanted.ipv6().isEmpty() && (!IpText.isIpv6(wanted.ipv6()) || isAny(wanted.ipv6()))) {
      errors.add("invalid IPv6 address: " + wanted.ipv6());
    }
    for (String address : wanted.linkLocal()) {
      if (IpText.parse(address).isEmpty() || isAny(address)) {
        errors.add("invalid link-local IP address: " + address);
      }
    }
  }

  private static boolean isAny(String address) {
    return IpText.parse(address).filter(InetAddress::isAnyLocalAddress).isPresent();
  }

  private static void checkSubnet(
      String text, boolean six, NetworkRecord network, List<String> errors) {
    if (text.isEmpty()) {
      return;
    }
    boolean custom =
        network.pools().stream().anyMatch(pool -> pool.ipv6() == six && !pool.automatic());
    if (!custom) {
      errors.add(
          "user specified IP address is supported only when connecting to networks with user"
              + " configured subnets");
      return;
    }
    Optional<InetAddress> address = IpText.parse(text);
    boolean inside =
        address.isPresent()
            && network.pools().stream()
                .anyMatch(pool -> Cidr.of(pool.subnet()).contains(address.get()));
    if (!inside) {
      errors.add("no configured subnet or ip-range contain the IP address " + text);
    }
  }
}
