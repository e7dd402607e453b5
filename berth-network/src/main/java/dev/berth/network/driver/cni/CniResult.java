package dev.berth.network.driver.cni;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.network.EndpointAddresses;
import dev.berth.network.JoinAnswer;
import dev.berth.network.JoinAnswer.Exit;
import dev.berth.network.MacAddresses;
import dev.berth.network.NetworkSettings.DnsSettings;
import dev.berth.network.SandboxStatus.PortMapping;
import dev.berth.network.ipam.Cidr;
import dev.berth.network.ipam.IpText;
import dev.berth.network.link.InterfaceAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a chain of plugins has done, in the form of any version of the specification.
 *
 * @param json the result of the last plugin
 * @param interfaceName the interface inside
 */
record CniResult(JsonNode json, String interfaceName) {

  /** The endpoint that came of it. */
  JoinAnswer answer(List<PortMapping> ports) {
    EndpointAddresses addresses =
        new EndpointAddresses(macAddress(), address(false), address(true));
    return new JoinAnswer(
        null,
        "eth",
        0,
        exit(false),
        exit(true),
        List.of(),
        new JoinAnswer.Inside(interfaceName, addresses, dns(), ports),
        false);
  }

  private String macAddress() {
    for (JsonNode link : json.path("interfaces")) {
      if (isInside(link)) {
        return MacAddresses.normalize(link.path("mac").asText("")).orElse("");
      }
    }
    return "";
  }

  private boolean isInside(JsonNode link) {
    return !link.path("sandbox").asText("").isEmpty()
        && link.path("name").asText("").equals(interfaceName);
  }

  /** The first entry of one family; up to version 0.2 there was only one. */
  private @Nullable JsonNode entry(boolean six) {
    for (JsonNode entry : json.path("ips")) {
      JsonNode link = entry.path("interface");
      boolean here = !link.isInt() || isInside(json.path("interfaces").path(link.asInt()));
      if (here && entry.path("address").asText("").contains(":") == six) {
        return entry;
      }
    }
    JsonNode old = json.path(six ? "ip6" : "ip4");
    return old.isObject() ? old : null;
  }

  private @Nullable InterfaceAddress address(boolean six) {
    JsonNode entry = entry(six);
    if (entry == null) {
      return null;
    }
    String text = entry.path("address").asText(entry.path("ip").asText(""));
    return Cidr.parse(text)
        .map(written -> new InterfaceAddress(written.address(), written.block().prefixLength()))
        .orElse(null);
  }

  private Exit exit(boolean six) {
    JsonNode entry = entry(six);
    if (entry == null) {
      return Exit.NONE;
    }
    @Nullable InetAddress gateway = IpText.parse(entry.path("gateway").asText("")).orElse(null);
    for (JsonNode routes : List.of(json.path("routes"), entry.path("routes"))) {
      for (JsonNode route : routes) {
        String destination = route.path("dst").asText("");
        if (destination.endsWith("/0") && destination.contains(":") == six) {
          @Nullable InetAddress hop = IpText.parse(route.path("gw").asText("")).orElse(gateway);
          return new Exit(hop, hop == null, null);
        }
      }
    }
    return Exit.NONE;
  }

  private DnsSettings dns() {
    JsonNode dns = json.path("dns");
    List<String> search = texts(dns.path("search"));
    String domain = dns.path("domain").asText("");
    if (search.isEmpty() && !domain.isEmpty()) {
      search.add(domain);
    }
    return new DnsSettings(texts(dns.path("nameservers")), search, texts(dns.path("options")));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
