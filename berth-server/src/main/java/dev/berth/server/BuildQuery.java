package dev.berth.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.api.HostConfig;
import dev.berth.build.BuildRequest;
import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import dev.berth.engine.BuildOrder;
import dev.berth.engine.HostOptions;
import dev.berth.image.Platform;
import dev.berth.image.Reference;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query of a build. */
final class BuildQuery {
  private static final Map<String, String> NUMBERS =
      Map.of(
          "memory", "Memory",
          "memswap", "MemorySwap",
          "cpushares", "CpuShares",
          "cpuperiod", "CpuPeriod",
          "cpuquota", "CpuQuota");

  private final Exchange exchange;
  private final Query query;

  BuildQuery(Exchange exchange) {
    this.exchange = exchange;
    this.query = exchange.query();
  }

  /**
   * What it asks for.
   *
   * @throws EngineException of kind INVALID, in Docker's words
   */
  BuildOrder order() {
    requireOffered();
    String platform = exchange.version().atLeast(32) ? query.text("platform") : "";
    BuildRequest request =
        new BuildRequest(
            query.text("dockerfile"),
            query.text("remote"),
            arguments(),
            labels(),
            names(),
            query.text("target"),
            platform.isEmpty() ? null : Platform.parse(platform),
            !query.flag("nocache"),
            query.flag("pull"),
            keeping());
    // What cannot be read is told, though the engine's own steps are always looked at.
    var _ = json("cachefrom", "error reading cache-from");
    RegistryAccounts accounts = RegistryAccounts.of(exchange.header("X-Registry-Config"));
    return new BuildOrder(query.text("buildid"), request, host(), accounts::at);
  }

  private void requireOffered() {
    String version = query.text("version");
    switch (version) {
      case "", "1" -> {}
      case "2" ->
          throw EngineException.notImplemented(
              "BuildKit is not offered by this engine: build with DOCKER_BUILDKIT=0");
      default -> throw EngineException.invalid("invalid version " + GoQuote.quote(version));
    }
    if (query.flag("squash")) {
      throw EngineException.invalid("squash is only supported with experimental mode");
    }
    if (query.has("securityopt")) {
      throw EngineException.invalid("security options are not supported on linux");
    }
    String isolation = query.text("isolation");
    if (!isolation.isEmpty() && !isolation.equalsIgnoreCase("default")) {
      throw EngineException.invalid("unsupported isolation: " + GoQuote.quote(isolation));
    }
    JsonNode outputs = json("outputs", "invalid outputs specified");
    if (outputs != null && !outputs.isEmpty()) {
      throw EngineException.notImplemented(
          "outputs of a build need BuildKit, which is not offered by this engine");
    }
  }

  private BuildRequest.Keeping keeping() {
    if (query.flag("forcerm")) {
      return BuildRequest.Keeping.NONE;
    }
    boolean remove = query.text("rm").isEmpty() || query.flag("rm");
    return remove ? BuildRequest.Keeping.FAILED : BuildRequest.Keeping.ALL;
  }

  private List<Reference> names() {
    Set<Reference> names = new LinkedHashSet<>();
    for (String name : query.all("t")) {
      if (name.isEmpty()) {
        continue;
      }
      Reference reference = Reference.parse(name);
      if (reference.digest() != null) {
        throw EngineException.invalid("build tag cannot contain a digest");
      }
      names.add(reference.withDefaultTag());
    }
    return List.copyOf(names);
  }

  private Map<String, @Nullable String> arguments() {
    Map<String, @Nullable String> arguments = new LinkedHashMap<>();
    JsonNode node = json("buildargs", "error reading build args");
    if (node != null) {
      node.properties()
          .forEach(entry ->
              arguments.put(
                  entry.getKey(),
                  entry.getValue().isNull() ? null : text(entry, "error reading build args")));
    }
    return arguments;
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    JsonNode node = json("labels", "error reading labels");
    if (node != null) {
      node.properties()
          .forEach(entry -> labels.put(entry.getKey(), text(entry, "error reading labels")));
    }
    return labels;
  }

  private static String text(Map.Entry<String, JsonNode> entry, String fault) {
    if (!entry.getValue().isTextual()) {
      throw EngineException.invalid(
          fault + ": json: cannot unmarshal " + entry.getKey() + " into Go value of type string");
    }
    return entry.getValue().textValue();
  }

  private @Nullable JsonNode json(String name, String fault) {
    String text = query.text(name);
    if (text.isEmpty()) {
      return null;
    }
    try {
      JsonNode node = Json.MAPPER.readTree(text);
      return node == null || node.isNull() || node.isMissingNode() ? null : node;
    } catch (JsonProcessingException malformed) {
      throw EngineException.invalid(fault + ": " + malformed.getOriginalMessage());
    }
  }

  /** What containers may use, put together as a client that makes one would say it. */
  private HostOptions host() {
    ObjectNode host = Json.MAPPER.createObjectNode();
    NUMBERS.forEach((name, field) -> host.put(field, number(name)));
    host.put("CpusetCpus", query.text("cpusetcpus"));
    host.put("CpusetMems", query.text("cpusetmems"));
    host.put("CgroupParent", query.text("cgroupparent"));
    String shmSize = query.text("shmsize");
    if (!shmSize.isEmpty()) {
      if (!shmSize.matches("[+-]?[0-9]{1,18}")) {
        throw EngineException.invalid(
            "strconv.ParseInt: parsing " + GoQuote.quote(shmSize) + ": invalid syntax");
      }
      host.put("ShmSize", Long.parseLong(shmSize));
    }
    String network = query.text("networkmode");
    host.put("NetworkMode", network.isEmpty() ? "default" : network);
    // The Docker client sends them one by one, others all in one.
    var extraHosts = host.putArray("ExtraHosts");
    for (String value : query.all("extrahosts")) {
      for (String part : value.split(",")) {
        if (!part.isBlank()) {
          extraHosts.add(part.strip());
        }
      }
    }
    JsonNode ulimits = json("ulimits", "error reading ulimit settings");
    if (ulimits != null) {
      host.set("Ulimits", ulimits);
    }
    host.putObject("LogConfig").put("Type", "none");
    return HostMapper.options(
        JsonBody.parse(host.toString().getBytes(StandardCharsets.UTF_8), HostConfig.class),
        exchange.version());
  }

  /** What is no number counts as none, as in dockerd. */
  private long number(String name) {
    String value = query.text(name);
    return value.matches("[+-]?[0-9]{1,18}") ? Long.parseLong(value) : 0;
  }
}
