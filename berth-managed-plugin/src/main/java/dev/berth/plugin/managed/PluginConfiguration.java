package dev.berth.plugin.managed;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a plugin's author says of it: how to run it, what it offers and what it wants. Never
 * changed; what users set is in {@link PluginSettings}.
 *
 * @param description one line
 * @param documentation where to read more
 * @param offer what it offers and where it listens
 * @param entrypoint program and first arguments
 * @param workingDirectory empty for the root
 * @param user who it runs as
 * @param network {@code host}, or none for any other word
 * @param linux capabilities and devices
 * @param propagatedMount a directory of it whose mounts the host sees, or empty
 * @param ipcHost whether it shares the host's IPC
 * @param pidHost whether it sees the host's processes
 * @param mounts it wants
 * @param environment variables
 * @param arguments after the entry point
 * @see <a href="https://docs.docker.com/engine/extend/config/">plugin configuration</a>
 */
public record PluginConfiguration(
    String description,
    String documentation,
    Offer offer,
    List<String> entrypoint,
    String workingDirectory,
    User user,
    String network,
    Linux linux,
    String propagatedMount,
    boolean ipcHost,
    boolean pidHost,
    List<Mount> mounts,
    List<Variable> environment,
    Arguments arguments) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
          .propertyNamingStrategy(PropertyNamingStrategies.LOWER_CASE)
          .build();
  private static final String HOST = "host";

  /** Copies the lists. */
  public PluginConfiguration {
    entrypoint = List.copyOf(entrypoint);
    mounts = List.copyOf(mounts);
    environment = List.copyOf(environment);
  }

  /**
   * What a plugin offers.
   *
   * @param types each like {@code docker.volumedriver/1.0}
   * @param socket name of its socket's file
   * @param protocolScheme empty, or the scheme of another protocol
   */
  public record Offer(List<String> types, String socket, String protocolScheme) {
    /** Copies the list. */
    public Offer {
      types = List.copyOf(types);
    }

    /** Whether it has an interface, such as {@code VolumeDriver}. */
    boolean includes(String interfaceName) {
      String wanted = "docker." + interfaceName.toLowerCase(java.util.Locale.ROOT) + "/";
      return types.stream().anyMatch(type -> type.startsWith(wanted));
    }
  }

  /**
   * Who a plugin runs as.
   *
   * @param uid user
   * @param gid group
   */
  public record User(long uid, long gid) {}

  /**
   * What a plugin may do beyond the default.
   *
   * @param capabilities further ones
   * @param allowAllDevices whether all devices are its own
   * @param devices single ones
   */
  public record Linux(List<String> capabilities, boolean allowAllDevices, List<Device> devices) {
    /** Copies the lists. */
    public Linux {
      capabilities = List.copyOf(capabilities);
      devices = List.copyOf(devices);
    }
  }

  /**
   * A device of the host.
   *
   * @param name by which it is set
   * @param description for the user
   * @param settable which fields users may set
   * @param path null until it is set
   */
  public record Device(
      String name, String description, List<String> settable, @Nullable String path) {}

  /**
   * A mount.
   *
   * @param name by which it is set
   * @param description for the user
   * @param settable which fields users may set
   * @param source null until it is set
   * @param destination in the plugin
   * @param type {@code bind} or a file system
   * @param options of mount(8)
   */
  public record Mount(
      String name,
      String description,
      List<String> settable,
      @Nullable String source,
      String destination,
      String type,
      List<String> options) {}

  /**
   * An environment variable.
   *
   * @param name by which it is set
   * @param description for the user
   * @param settable which fields users may set
   * @param value null where there is none unless it is set
   */
  public record Variable(
      String name, String description, List<String> settable, @Nullable String value) {}

  /**
   * Arguments after the entry point.
   *
   * @param name by which they are set
   * @param description for the user
   * @param settable which fields users may set
   * @param value the default
   */
  public record Arguments(
      String name, String description, List<String> settable, List<String> value) {}

  /** Whether it uses the host's network. */
  boolean onHostNetwork() {
    return network.equals(HOST);
  }

  /**
   * Reads {@code config.json}.
   *
   * @throws EngineException INVALID with what is wrong
   */
  public static PluginConfiguration parse(String json) {
    try {
      Document document = MAPPER.readValue(json, Document.class);
      if (document == null) {
        throw EngineException.invalid("failed to parse json: it is null");
      }
      return document.configuration();
    } catch (JsonProcessingException e) {
      throw new EngineException(
          ErrorKind.INVALID, "failed to parse json: " + e.getOriginalMessage(), e);
    }
  }

  /** The document as authors write it, where everything may be missing. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Document(
      @Nullable String description,
      @Nullable String documentation,
      @JsonProperty("interface") @Nullable InterfaceDocument offered,
      @Nullable List<String> entrypoint,
      @Nullable String workDir,
      @Nullable UserDocument user,
      @Nullable NetworkDocument network,
      @Nullable LinuxDocument linux,
      @Nullable String propagatedMount,
      boolean ipcHost,
      boolean pidHost,
      @Nullable List<MountDocument> mounts,
      @Nullable List<VariableDocument> env,
      @Nullable ArgumentsDocument args) {

    PluginConfiguration configuration() {
      if (offered == null || entrypoint == null || entrypoint.isEmpty()) {
        throw EngineException.invalid("plugin configuration needs an interface and an entrypoint");
      }
      LinuxDocument machine =
          linux == null ? new LinuxDocument(List.of(), false, List.of()) : linux;
      return new PluginConfiguration(
          text(description),
          text(documentation),
          offered.offer(),
          entrypoint,
          text(workDir),
          user == null ? new User(0, 0) : new User(user.uid(), user.gid()),
          network == null ? "" : text(network.type()),
          new Linux(
              list(machine.capabilities()),
              machine.allowAllDevices(),
              list(machine.devices()).stream().map(DeviceDocument::device).toList()),
          text(propagatedMount),
          ipcHost,
          pidHost,
          list(mounts).stream().map(MountDocument::mount).toList(),
          list(env).stream().map(VariableDocument::variable).toList(),
          args == null ? new Arguments("", "", List.of(), List.of()) : args.arguments());
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record InterfaceDocument(
      @Nullable List<String> types, @Nullable String socket, @Nullable String protocolScheme) {
    Offer offer() {
      String name = text(socket);
      if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
        throw EngineException.invalid("invalid plugin socket: \"" + name + "\"");
      }
      return new Offer(list(types), name, text(protocolScheme));
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record UserDocument(long uid, long gid) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record NetworkDocument(@Nullable String type) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record LinuxDocument(
      @Nullable List<String> capabilities,
      boolean allowAllDevices,
      @Nullable List<DeviceDocument> devices) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record DeviceDocument(
      @Nullable String name,
      @Nullable String description,
      @Nullable List<String> settable,
      @Nullable String path) {
    Device device() {
      return new Device(text(name), text(description), list(settable), path);
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record MountDocument(
      @Nullable String name,
      @Nullable String description,
      @Nullable List<String> settable,
      @Nullable String source,
      @Nullable String destination,
      @Nullable String type,
      @Nullable List<String> options) {
    Mount mount() {
      if (!text(destination).startsWith("/")) {
        throw EngineException.invalid("invalid plugin mount destination: \"" + destination + "\"");
      }
      return new Mount(
          text(name),
          text(description),
          list(settable),
          source,
          Objects.requireNonNull(destination),
          text(type),
          list(options));
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record VariableDocument(
      @Nullable String name,
      @Nullable String description,
      @Nullable List<String> settable,
      @Nullable String value) {
    Variable variable() {
      return new Variable(text(name), text(description), list(settable), value);
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record ArgumentsDocument(
      @Nullable String name,
      @Nullable String description,
      @Nullable List<String> settable,
      @Nullable List<String> value) {
    Arguments arguments() {
      return new Arguments(text(name), text(description), list(settable), list(value));
    }
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static <T> List<T> list(@Nullable List<T> values) {
    return values == null ? List.of() : values;
  }
}
