package dev.berth.cli;

import static dev.berth.cli.ContainerRequest.put;
import static dev.berth.cli.ContainerRequest.putMap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code run} and {@code create} about networks, names and ports. */
final class NetworkOptions {
  @Option(
      names = {"--network", "--net"},
      description =
          "Network to join, or host, none, container:NAME; " + "name=NET,alias=…,ip=… for several.")
  List<String> network = List.of();

  @Option(
      names = {"--network-alias", "--net-alias"},
      description = "Further name on its network.")
  List<String> alias = List.of();

  @Option(names = "--ip", description = "IPv4 address.")
  @Nullable String ip;

  @Option(names = "--ip6", description = "IPv6 address.")
  @Nullable String ip6;

  @Option(names = "--link-local-ip", description = "Link-local address.")
  List<String> linkLocal = List.of();

  @Option(names = "--mac-address", description = "Hardware address.")
  @Nullable String macAddress;

  @Option(
      names = {"-p", "--publish"},
      description = "Publish a port: [[ip:]host:]container[/proto].")
  List<String> publish = List.of();

  @Option(
      names = {"-P", "--publish-all"},
      description = "Publish all exposed ports at free ports.")
  boolean publishAll;

  @Option(names = "--expose", description = "Expose a port or a range.")
  List<String> expose = List.of();

  @Option(names = "--link", description = "Link to a container: name[:alias].")
  List<String> link = List.of();

  @Option(names = "--dns", description = "Name server.")
  List<String> dns = List.of();

  @Option(names = "--dns-search", description = "Search domain.")
  List<String> dnsSearch = List.of();

  @Option(
      names = {"--dns-option", "--dns-opt"},
      description = "Resolver option.")
  List<String> dnsOption = List.of();

  @Option(names = "--add-host", description = "Further line of /etc/hosts: name:ip.")
  List<String> addHost = List.of();

  void fill(ContainerRequest request) {
    ObjectNode host = request.host();
    put(host, "Dns", dns);
    put(host, "DnsSearch", dnsSearch);
    put(host, "DnsOptions", dnsOption);
    put(host, "ExtraHosts", addHost.stream().map(NetworkOptions::colonForm).toList());
    put(host, "Links", link);
    put(host, "PublishAllPorts", publishAll);
    put(request.config(), "MacAddress", macAddress);
    fillPorts(request);
    fillNetworks(request);
  }

  /** {@code name=ip} is another way to write {@code name:ip}. */
  private static String colonForm(String extra) {
    int equals = extra.indexOf('=');
    int colon = extra.indexOf(':');
    return equals > 0 && (colon < 0 || equals < colon)
        ? extra.substring(0, equals) + ":" + extra.substring(equals + 1)
        : extra;
  }

  private void fillPorts(ContainerRequest request) {
    ObjectNode exposed = request.config().putObject("ExposedPorts");
    ObjectNode bindings = request.host().putObject("PortBindings");
    for (String text : publish) {
      for (PortSpec port : PortSpec.parse(text)) {
        exposed.putObject(port.container());
        ObjectNode binding = bindings.withArray(port.container()).addObject();
        binding.put("HostIp", port.hostIp());
        binding.put("HostPort", port.hostPort());
      }
    }
    for (String text : expose) {
      PortSpec.parseExposed(text).forEach(exposed::putObject);
    }
  }

  private void fillNetworks(ContainerRequest request) {
    for (int i = 0; i < network.size(); i++) {
      boolean first = i == 0;
      ObjectNode settings = Json.MAPPER.createObjectNode();
      String name = settingsOf(network.get(i), settings);
      if (first) {
        request.host().put("NetworkMode", name);
        fillFirst(settings);
      }
      if (!settings.isEmpty() || network.size() > 1) {
        request.endpoints().set(name, settings);
      }
    }
    if (network.isEmpty()) {
      ObjectNode settings = Json.MAPPER.createObjectNode();
      fillFirst(settings);
      if (!settings.isEmpty()) {
        request.endpoints().set("default", settings);
      }
    }
  }

  private void fillFirst(ObjectNode settings) {
    List<String> aliases = new ArrayList<>(alias);
    settings.path("Aliases").forEach(given -> aliases.add(given.asText()));
    put(settings, "Aliases", aliases);
    if (ip != null || ip6 != null || !linkLocal.isEmpty()) {
      ObjectNode ipam = settings.withObject("IPAMConfig");
      put(ipam, "IPv4Address", ip);
      put(ipam, "IPv6Address", ip6);
      put(ipam, "LinkLocalIPs", linkLocal);
    }
    put(settings, "MacAddress", macAddress);
  }

  /** Reads {@code NAME} or {@code name=NAME,alias=…}; fills the settings and returns the name. */
  private static String settingsOf(String text, ObjectNode settings) {
    if (!text.contains("=")) {
      return text;
    }
    String name = "";
    List<String> options = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      switch (key.toLowerCase(Locale.ROOT)) {
        case "name" -> name = value;
        case "alias" -> settings.withArray("Aliases").add(value);
        case "ip" -> settings.withObject("IPAMConfig").put("IPv4Address", value);
        case "ip6" -> settings.withObject("IPAMConfig").put("IPv6Address", value);
        case "link-local-ip" ->
            settings.withObject("IPAMConfig").withArray("LinkLocalIPs").add(value);
        case "mac-address" -> settings.put("MacAddress", value);
        case "gw-priority" -> settings.put("GwPriority", Integer.parseInt(value));
        case "driver-opt" -> options.add(value);
        default -> throw new CliException(125, "invalid field key " + key);
      }
    }
    putMap(settings, "DriverOpts", options);
    if (name.isEmpty()) {
      throw new CliException(125, "network name/id is not specified");
    }
    return name;
  }
}
