package dev.berth.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code build} that the engine is told. */
final class BuildOptions {
  @Option(
      names = {"-t", "--tag"},
      description = "Name of the image, with or without a tag")
  List<String> tags = List.of();

  @Option(names = "--build-arg", description = "Value of an ARG of the Dockerfile")
  List<String> arguments = List.of();

  @Option(names = "--label", description = "Label of the image")
  List<String> labels = List.of();

  @Option(names = "--target", description = "Stage to build")
  @Nullable String target;

  @Option(names = "--no-cache", description = "Build every step anew")
  boolean noCache;

  @Option(names = "--pull", description = "Look for newer images of FROM")
  boolean pull;

  @Option(
      names = "--rm",
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description = "Remove the containers of the steps (default)")
  boolean remove = true;

  @Option(names = "--force-rm", description = "Remove them after a failure as well")
  boolean forceRemove;

  @Option(names = "--network", description = "Network of RUN")
  @Nullable String network;

  @Option(names = "--add-host", description = "Further line of /etc/hosts: name:ip")
  List<String> hosts = List.of();

  @Option(names = "--cache-from", description = "Images to take steps from")
  List<String> cacheFrom = List.of();

  @Option(names = "--platform", description = "Platform of the image")
  @Nullable String platform;

  @Option(names = "--squash", description = "Make one layer of all")
  boolean squash;

  @Option(names = "--shm-size", paramLabel = "bytes", description = "Size of /dev/shm")
  @Nullable String shmSize;

  @Option(
      names = {"-m", "--memory"},
      paramLabel = "bytes",
      description = "Memory limit of RUN")
  @Nullable String memory;

  @Option(names = "--ulimit", description = "Process limit of RUN: name=soft[:hard]")
  List<String> ulimits = List.of();

  Query query() {
    Query query = Query.none();
    tags.forEach(tag -> query.with("t", tag));
    query.with("buildargs", arguments()).with("labels", map(labels)).with("target", target);
    query.with("nocache", noCache).with("pull", pull).with("forcerm", forceRemove);
    query.with("rm", remove ? "1" : "0").with("networkmode", network).with("platform", platform);
    query.with("squash", squash).with("shmsize", bytes(shmSize, "--shm-size"));
    query.with("memory", bytes(memory, "-m, --memory"));
    if (!hosts.isEmpty()) {
      hosts.forEach(host -> query.with("extrahosts", host));
    }
    if (!cacheFrom.isEmpty()) {
      ArrayNode images = Json.MAPPER.createArrayNode();
      cacheFrom.forEach(images::add);
      query.with("cachefrom", images.toString());
    }
    ObjectNode limits = Json.MAPPER.createObjectNode();
    ResourceOptions.fillUlimits(limits, ulimits);
    return limits.isEmpty() ? query : query.with("ulimits", limits.path("Ulimits").toString());
  }

  private static @Nullable String bytes(@Nullable String text, String option) {
    ObjectNode one = Json.MAPPER.createObjectNode();
    ContainerRequest.putBytes(one, "Bytes", text, option);
    return one.isEmpty() ? null : one.path("Bytes").asText();
  }

  private static @Nullable String map(List<String> pairs) {
    ObjectNode both = Json.MAPPER.createObjectNode();
    ContainerRequest.putMap(both, "Map", pairs);
    return both.isEmpty() ? null : both.path("Map").toString();
  }

  /** One without a value is taken from this process's environment, or is null there. */
  private @Nullable String arguments() {
    ObjectNode values = Json.MAPPER.createObjectNode();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String value = equals < 0 ? System.getenv(argument) : argument.substring(equals + 1);
      values.put(equals < 0 ? argument : argument.substring(0, equals), value);
    }
    return values.isEmpty() ? null : values.toString();
  }
}
