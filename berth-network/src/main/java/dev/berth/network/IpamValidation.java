package dev.berth.network;

import dev.berth.core.EngineException;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.IpText;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks the subnets a user asks for, with Docker's texts. */
final class IpamValidation {
  private IpamValidation() {}

  /**
   * Checks all of it.
   *
   * @throws EngineException of kind INVALID that names every error
   */
  static void check(IpamSpec ipam, boolean ipv6) {
    List<String> errors = new ArrayList<>();
    for (IpamSpec.Config config : ipam.configs()) {
      Optional<Cidr.Written> subnet = Cidr.parse(config.subnet());
      if (subnet.isEmpty()) {
        errors.add("invalid subnet " + config.subnet() + ": invalid CIDR block notation");
      } else if (ipv6 || !subnet.get().block().ipv6()) {
        check(config, subnet.get(), errors);
      }
    }
    if (!errors.isEmpty()) {
      throw EngineException.invalid("invalid network config:\n" + join(errors));
    }
  }

  private static void check(IpamSpec.Config config, Cidr.Written subnet, List<String> errors) {
    if (!subnet.masked()) {
      errors.add("invalid subnet " + subnet + ": it should be " + subnet.block());
    }
    if (!config.ipRange().isEmpty()) {
      checkRange(config.ipRange(), subnet, errors);
    }
    addressError(config.gateway(), subnet)
        .ifPresent(error -> errors.add("invalid gateway " + config.gateway() + ": " + error));
    for (Map.Entry<String, String> auxiliary : config.auxiliaryAddresses().entrySet()) {
      addressError(auxiliary.getValue(), subnet)
          .ifPresent(error ->
              errors.add("invalid auxiliary address " + auxiliary.getKey() + ": " + error));
    }
  }

  private static void checkRange(String text, Cidr.Written subnet, List<String> errors) {
    String prefix = "invalid ip-range " + text + ": ";
    Optional<Cidr.Written> parsed = Cidr.parse(text);
    if (parsed.isEmpty()) {
      errors.add(prefix + "invalid CIDR block notation");
      return;
    }
    Cidr.Written range = parsed.get();
    if (range.block().ipv6() != subnet.block().ipv6()) {
      errors.add(prefix + "parent subnet is an " + family(subnet) + " block");
      return;
    }
    if (range.block().prefixLength() < subnet.block().prefixLength()) {
      errors.add(prefix + "CIDR block is bigger than its parent subnet " + subnet);
    }
    if (!range.masked()) {
      errors.add("invalid ip-range " + range + ": it should be " + range.block());
    }
    if (!subnet.block().overlaps(range.block())) {
      errors.add(prefix + "parent subnet " + subnet + " doesn't contain ip-range");
    }
  }

  private static Optional<String> addressError(String text, Cidr.Written subnet) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<InetAddress> address = IpText.parse(text);
    if (address.isEmpty()) {
      return Optional.of("invalid address");
    }
    if (address.get() instanceof Inet6Address != subnet.block().ipv6()) {
      return Optional.of("parent subnet is an " + family(subnet) + " block");
    }
    if (!subnet.block().contains(address.get())) {
      return Optional.of("parent subnet " + subnet + " doesn't contain this address");
    }
    return Optional.empty();
  }

  private static String family(Cidr.Written subnet) {
    return subnet.block().ipv6() ? "IPv6" : "IPv4";
  }

  /** One error stands alone; several are bulleted, their further lines indented. */
  static String join(List<String> errors) {
    if (errors.size() == 1) {
      return errors.getFirst().strip();
    }
    List<String> lines = errors.stream().map(error -> error.replace("\n", "\n\t")).toList();
    return "* " + String.join("\n* ", lines);
  }
}
