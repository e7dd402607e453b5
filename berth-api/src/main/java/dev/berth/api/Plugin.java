package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An installed plugin. */
@EngineJson
public record Plugin(
    Config config,
    boolean enabled,
    String id,
    String name,
    @OmitEmpty String pluginReference,
    Settings settings) {

  /** What its author says of it. */
  @EngineJson
  public record Config(
      @JsonProperty("Interface") Offer offer,
      Arguments args,
      String description,
      String documentation,
      List<String> entrypoint,
      List<Variable> env,
      boolean ipcHost,
      Linux linux,
      List<Mount> mounts,
      Network network,
      boolean pidHost,
      String propagatedMount,
      @OmitNull @Nullable User user,
      String workDir) {}

  /** What it offers and where it listens. */
  @EngineJson
  public record Offer(@OmitEmpty String protocolScheme, String socket, List<String> types) {}

  /** Arguments after the entry point. */
  @EngineJson
  public record Arguments(
      String description, String name, List<String> settable, List<String> value) {}

  /** An environment variable. */
  @EngineJson
  public record Variable(
      String description, String name, List<String> settable, @Nullable String value) {}

  /** What it may do beyond the default. */
  @EngineJson
  public record Linux(boolean allowAllDevices, List<String> capabilities, List<Device> devices) {}

  /** A device of the host. */
  @EngineJson
  public record Device(
      String description, String name, @Nullable String path, List<String> settable) {}

  /** A mount. */
  @EngineJson
  public record Mount(
      String description,
      String destination,
      String name,
      List<String> options,
      List<String> settable,
      @Nullable String source,
      String type) {}

  /** Its network. */
  @EngineJson
  public record Network(String type) {}

  /** Who it runs as. */
  @EngineJson
  public record User(
      @OmitEmpty @JsonProperty("GID") long gid, @OmitEmpty @JsonProperty("UID") long uid) {}

  /** What it runs with. */
  @EngineJson
  public record Settings(
      List<String> args, List<Device> devices, List<String> env, List<Mount> mounts) {}
}
