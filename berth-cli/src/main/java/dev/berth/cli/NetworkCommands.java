package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on networks. */
final class NetworkCommands {
  private NetworkCommands() {}

  private static String path(String network) {
    return "/networks/" + Query.segment(network);
  }

  /** Makes a network. */
  @Command(name = "create", description = "Create a network.")
  static final class Create extends Base {
    @Option(
        names = {"-d", "--driver"},
        description = "Driver of the network.")
    String driver = "bridge";

    @Option(
        names = {"-o", "--opt"},
        description = "Option of the driver.")
    List<String> options = List.of();

    @Option(names = "--label", description = "Set a label.")
    List<String> label = List.of();

    @Option(names = "--subnet", description = "Subnet in CIDR form.")
    List<String> subnet = List.of();

    @Option(names = "--ip-range", description = "Part of the subnet to take addresses from.")
    List<String> range = List.of();

    @Option(names = "--gateway", description = "Gateway of the subnet.")
    List<String> gateway = List.of();

    @Option(names = "--aux-address", description = "Address that is taken: name=ip.")
    List<String> auxiliary = List.of();

    @Option(names = "--ipam-driver", description = "Driver of address management.")
    String ipamDriver = "default";

    @Option(names = "--ipam-opt", description = "Option of that driver.")
    List<String> ipamOptions = List.of();

    @Option(names = "--internal", description = "Keep it from the outside.")
    boolean internal;

    @Option(names = "--attachable", description = "Let containers join it by hand.")
    boolean attachable;

    @Option(
        names = "--ipv6",
        arity = "0..1",
        fallbackValue = "true",
        description = "IPv6 addresses.")
    @Nullable Boolean ipv6;

    @Option(
        names = "--ipv4",
        arity = "0..1",
        fallbackValue = "true",
        description = "IPv4 addresses.")
    @Nullable Boolean ipv4;

    @Option(names = "--scope", description = "Scope of the network.")
    @Nullable String scope;

    @Option(names = "--config-only", description = "Keep a configuration for other networks.")
    boolean configOnly;

    @Option(names = "--config-from", description = "Network to take the configuration from.")
    @Nullable String configFrom;

    @Parameters(index = "0", paramLabel = "NETWORK")
    String name = "";

    @Override
    public Integer call() {
      ObjectNode body = Json.MAPPER.createObjectNode();
      body.put("Name", name).put("Driver", driver).put("Internal", internal);
      body.put("Attachable", attachable).put("ConfigOnly", configOnly);
      ContainerRequest.put(body, "Scope", scope);
      ContainerRequest.put(body, "EnableIPv6", ipv6);
      ContainerRequest.put(body, "EnableIPv4", ipv4);
      ContainerRequest.putMap(body, "Options", options);
      ContainerRequest.putMap(body, "Labels", label);
      if (configFrom != null) {
        body.putObject("ConfigFrom").put("Network", configFrom);
      }
      fillIpam(body.putObject("IPAM"));
      JsonNode created = engine().post("/networks/create", Query.none(), body);
      if (!created.path("Warning").asText().isEmpty()) {
        err().println("WARNING: " + created.path("Warning").asText());
      }
      out().println(created.path("Id").asText());
      return 0;
    }

    /** The n-th range and gateway belong to the n-th subnet; a lone one needs no subnet. */
    private void fillIpam(ObjectNode ipam) {
      ipam.put("Driver", ipamDriver);
      ContainerRequest.putMap(ipam, "Options", ipamOptions);
      ArrayNode configurations = ipam.putArray("Config");
      int count = Math.max(subnet.size(), Math.max(range.size(), gateway.size()));
      for (int i = 0; i < count; i++) {
        ObjectNode configuration = configurations.addObject();
        ContainerRequest.put(configuration, "Subnet", i < subnet.size() ? subnet.get(i) : null);
        ContainerRequest.put(configuration, "IPRange", i < range.size() ? range.get(i) : null);
        ContainerRequest.put(configuration, "Gateway", i < gateway.size() ? gateway.get(i) : null);
      }
      if (!auxiliary.isEmpty()) {
        ObjectNode first =
            configurations.isEmpty()
                ? configurations.addObject()
                : (ObjectNode) configurations.get(0);
        ContainerRequest.putMap(first, "AuxiliaryAddresses", auxiliary);
      }
    }
  }

  /** Lists networks. */
  @Command(name = "ls", aliases = "list", description = "List networks.")
  static final class ListNetworks extends Base {
    @Mixin ListOptions list = new ListOptions();

    @Option(names = "--no-trunc", description = "Do not cut anything")
    boolean noTrunc;

    @Override
    public Integer call() {
      if (list.format == null && !list.quiet) {
        list.format = UserConfiguration.ofUser().setting("networksFormat");
      }
      List<JsonNode> networks =
          Json.list(engine().get("/networks", Query.none().withFilters(list.filter)));
      networks.sort(NaturalOrder.by(network -> network.path("Name").asText()));
      String format =
          list.chosen(ObjectListings.NETWORKS, ObjectListings.NETWORKS_RAW, "{{.ID}}");
      ObjectListings.networks(noTrunc).print(out(), format, networks);
      return 0;
    }
  }

  /** Shows all that is known of networks. */
  @Command(name = "inspect", description = "Display detailed information on one or more networks.")
  static final class Inspect extends Base {
    @Mixin FormatOption format = new FormatOption();

    @Option(
        names = {"-v", "--verbose"},
        description = "Show more for diagnostics.")
    boolean verbose;

    @Parameters(arity = "1..*", paramLabel = "NETWORK")
    List<String> networks = List.of();

    @Override
    public Integer call() {
      Query query = Query.none().with("verbose", verbose);
      return new Inspection(format.format)
          .run(
              networks,
              name -> new Inspection.Found("Network", engine().get(path(name), query)),
              out(),
              err());
    }
  }

  /** Removes networks. */
  @Command(name = "rm", aliases = "remove", description = "Remove one or more networks.")
  static final class Remove extends Base {
    @Option(
        names = {"-f", "--force"},
        description = "Do not complain about what does not exist.")
    boolean force;

    @Parameters(arity = "1..*", paramLabel = "NETWORK")
    List<String> networks = List.of();

    @Override
    public Integer call() {
      return forEach(
          networks,
          name -> {
            try {
              engine().delete(path(name), Query.none());
            } catch (ApiException refused) {
              if (!(force && refused.status() == 404)) {
                throw refused;
              }
            }
            return name;
          });
    }
  }

  /** Removes unused networks. */
  @Command(name = "prune", description = "Remove all unused networks.")
  static final class Prune extends Base {
    @Mixin PruneOptions prune = new PruneOptions();

    @Override
    public Integer call() throws IOException {
      Confirm.orEnd(
          prune.force,
          "WARNING! This will remove all custom networks not used by at least one container.");
      JsonNode pruned = engine().post("/networks/prune", Query.none().withFilters(prune.filter), null);
      Confirm.report("Deleted Networks:", pruned.path("NetworksDeleted"), pruned);
      return 0;
    }
  }

  /** Joins a container to a network. */
  @Command(name = "connect", description = "Connect a container to a network.")
  static final class Connect extends Base {
    @Option(names = "--ip", description = "IPv4 address.")
    @Nullable String ip;

    @Option(names = "--ip6", description = "IPv6 address.")
    @Nullable String ip6;

    @Option(names = "--alias", description = "Further name of the container on the network.")
    List<String> alias = List.of();

    @Option(names = "--link", description = "Link to another container: name[:alias].")
    List<String> link = List.of();

    @Option(names = "--link-local-ip", description = "Link-local address.")
    List<String> linkLocal = List.of();

    @Option(names = "--driver-opt", description = "Option of the driver.")
    List<String> driverOption = List.of();

    @Option(names = "--gw-priority", description = "The highest one gives the default gateway.")
    @Nullable Integer gatewayPriority;

    @Parameters(index = "0", paramLabel = "NETWORK")
    String network = "";

    @Parameters(index = "1", paramLabel = "CONTAINER")
    String container = "";

    @Override
    public Integer call() {
      ObjectNode body = Json.MAPPER.createObjectNode().put("Container", container);
      ObjectNode settings = body.putObject("EndpointConfig");
      ContainerRequest.put(settings, "Aliases", alias);
      ContainerRequest.put(settings, "Links", link);
      ContainerRequest.putMap(settings, "DriverOpts", driverOption);
      ContainerRequest.put(settings, "GwPriority", gatewayPriority);
      if (ip != null || ip6 != null || !linkLocal.isEmpty()) {
        ObjectNode ipam = settings.putObject("IPAMConfig");
        ContainerRequest.put(ipam, "IPv4Address", ip);
        ContainerRequest.put(ipam, "IPv6Address", ip6);
        ContainerRequest.put(ipam, "LinkLocalIPs", linkLocal);
      }
      engine().post(path(network) + "/connect", Query.none(), body);
      return 0;
    }
  }

  /** Takes a container off a network. */
  @Command(name = "disconnect", description = "Disconnect a container from a network.")
  static final class Disconnect extends Base {
    @Option(
        names = {"-f", "--force"},
        description = "Disconnect it even when it does not exist any more.")
    boolean force;

    @Parameters(index = "0", paramLabel = "NETWORK")
    String network = "";

    @Parameters(index = "1", paramLabel = "CONTAINER")
    String container = "";

    @Override
    public Integer call() {
      ObjectNode body =
          Json.MAPPER.createObjectNode().put("Container", container).put("Force", force);
      engine().post(path(network) + "/disconnect", Query.none(), body);
      return 0;
    }
  }
}
