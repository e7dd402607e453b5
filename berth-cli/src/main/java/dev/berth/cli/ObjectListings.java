package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** Networks, volumes, plugins and what a registry found, as lists show them. */
final class ObjectListings {
  static final String NETWORKS = "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";
  static final String NETWORKS_RAW =
      "network_id: {{.ID}}\nname: {{.Name}}\ndriver: {{.Driver}}\nscope: {{.Scope}}\n";
  static final String VOLUMES = "table {{.Driver}}\t{{.Name}}";
  static final String VOLUMES_RAW = "name: {{.Name}}\ndriver: {{.Driver}}\n";
  static final String PLUGINS = "table {{.ID}}\t{{.Name}}\t{{.Description}}\t{{.Enabled}}";
  static final String PLUGINS_RAW =
      "plugin_id: {{.ID}}\nname: {{.Name}}\ndescription: {{.Description}}\nenabled: {{.Enabled}}\n";
  static final String FOUND = "table {{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}";

  private static final String UNKNOWN = "N/A";
  private static final int DESCRIPTION_WIDTH = 45;

  private ObjectListings() {}

  static Listing<JsonNode> networks(boolean whole) {
    return new Listing<JsonNode>("*network.networkContext")
        .column("ID", "NETWORK ID", network -> id(network, "Id", whole))
        .column("Name", "NAME", network -> text(network, "Name"))
        .column("Driver", "DRIVER", network -> text(network, "Driver"))
        .column("Scope", "SCOPE", network -> text(network, "Scope"))
        .column("IPv4", "IPV4", network -> flag(network, "EnableIPv4"))
        .column("IPv6", "IPV6", network -> flag(network, "EnableIPv6"))
        .column("Internal", "INTERNAL", network -> flag(network, "Internal"))
        .column("Labels", "LABELS", network -> ContainerListing.labels(network.path("Labels")))
        .column("CreatedAt", "CREATED AT", network -> Moments.goTime(text(network, "Created")))
        .labels(network -> ContainerListing.labelMap(network.path("Labels")));
  }

  static Listing<JsonNode> volumes() {
    return new Listing<JsonNode>("*formatter.volumeContext")
        .column("Name", "VOLUME NAME", volume -> text(volume, "Name"))
        .column("Driver", "DRIVER", volume -> text(volume, "Driver"))
        .column("Scope", "SCOPE", volume -> text(volume, "Scope"))
        .column("Mountpoint", "MOUNTPOINT", volume -> text(volume, "Mountpoint"))
        .column("Labels", "LABELS", volume -> ContainerListing.labels(volume.path("Labels")))
        .column("Links", "LINKS", volume -> volume.path("UsageData").path("RefCount").asText(UNKNOWN))
        .column("Size", "SIZE", ObjectListings::size)
        .column("Group", "GROUP", volume -> UNKNOWN)
        .column("Availability", "AVAILABILITY", volume -> UNKNOWN)
        .column("Status", "STATUS", volume -> UNKNOWN)
        .labels(volume -> ContainerListing.labelMap(volume.path("Labels")));
  }

  private static String size(JsonNode volume) {
    JsonNode size = volume.path("UsageData").path("Size");
    return size.isMissingNode() ? UNKNOWN : Units.size(size.asDouble());
  }

  static Listing<JsonNode> plugins(boolean whole) {
    return new Listing<JsonNode>("*plugin.pluginContext")
        .column("ID", "ID", plugin -> id(plugin, "Id", whole))
        .column("Name", "NAME", plugin -> text(plugin, "Name"))
        .column("Description", "DESCRIPTION", plugin -> description(plugin, whole))
        .column("Enabled", "ENABLED", plugin -> plugin.path("Enabled").asBoolean())
        .column("PluginReference", "NAME", plugin -> text(plugin, "PluginReference"));
  }

  private static String description(JsonNode plugin, boolean whole) {
    String text =
        plugin.path("Config").path("Description").asText().replace('\n', ' ').replace('\r', ' ');
    return whole ? text : Units.ellipsis(text, DESCRIPTION_WIDTH);
  }

  static Listing<JsonNode> found(boolean whole) {
    return new Listing<JsonNode>("*search.searchContext")
        .column("Name", "NAME", result -> text(result, "name"))
        .column("Description", "DESCRIPTION", result -> {
          String text = text(result, "description").replace('\n', ' ').replace('\r', ' ');
          return whole ? text : Units.ellipsis(text, DESCRIPTION_WIDTH);
        })
        .column("StarCount", "STARS", result -> text(result, "star_count"))
        .column("IsOfficial", "OFFICIAL", result -> mark(result, "is_official"))
        .column("IsAutomated", "AUTOMATED", result -> mark(result, "is_automated"));
  }

  private static String mark(JsonNode result, String field) {
    return result.path(field).asBoolean() ? "[OK]" : "";
  }

  private static String id(JsonNode node, String field, boolean whole) {
    String id = text(node, field);
    return whole ? id : Units.shortId(id);
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }

  private static String flag(JsonNode node, String field) {
    return Boolean.toString(node.path(field).asBoolean());
  }
}
