package dev.berth.network;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network as the user asked for it. Texts are kept as they were given, since {@code inspect}
 * echoes them; nothing here is checked before {@link Networks#create}.
 *
 * @param name unique within the engine
 * @param driver the driver's name; empty means {@code bridge}
 * @param scope {@code local}, {@code swarm} or {@code global}; empty means the driver's own
 * @param flags what is on or off
 * @param configFrom the name of the config-only network whose settings it takes, or null
 * @param ipam address management
 * @param options the driver's options
 * @param labels the user's labels
 */
public record NetworkSpec(
    String name,
    String driver,
    String scope,
    Flags flags,
    @Nullable String configFrom,
    IpamSpec ipam,
    Map<String, String> options,
    Map<String, String> labels) {

  /** Copies the maps. */
  public NetworkSpec {
    options = Map.copyOf(options);
    labels = Map.copyOf(labels);
  }

  /** A network with all defaults. */
  public static NetworkSpec named(String name) {
    return new NetworkSpec(name, "", "", Flags.DEFAULT, null, IpamSpec.DEFAULT, Map.of(), Map.of());
  }

  /** The same with another driver and its options. */
  public NetworkSpec withDriver(String newDriver, Map<String, String> newOptions) {
    return new NetworkSpec(name, newDriver, scope, flags, configFrom, ipam, newOptions, labels);
  }

  /** The same with other flags. */
  public NetworkSpec withFlags(Flags newFlags) {
    return new NetworkSpec(name, driver, scope, newFlags, configFrom, ipam, options, labels);
  }

  /** The same with other address management. */
  public NetworkSpec withIpam(IpamSpec newIpam) {
    return new NetworkSpec(name, driver, scope, flags, configFrom, newIpam, options, labels);
  }

  /** The same with other labels. */
  public NetworkSpec withLabels(Map<String, String> newLabels) {
    return new NetworkSpec(name, driver, scope, flags, configFrom, ipam, options, newLabels);
  }

  /** The same, taking its settings from a config-only network. */
  public NetworkSpec withConfigFrom(String configNetwork) {
    return new NetworkSpec(name, driver, scope, flags, configNetwork, ipam, options, labels);
  }

  /**
   * What is on or off.
   *
   * @param enableIpv4 null means the engine's default, which is on
   * @param enableIpv6 null means the engine's default, which is off
   * @param internal no way out and no port published
   * @param attachable echoed; matters to swarm networks only
   * @param ingress the swarm's routing mesh
   * @param configOnly holds settings for other networks and can have no endpoint
   */
  public record Flags(
      @Nullable Boolean enableIpv4,
      @Nullable Boolean enableIpv6,
      boolean internal,
      boolean attachable,
      boolean ingress,
      boolean configOnly) {
    /** Everything at its default. */
    public static final Flags DEFAULT = new Flags(null, null, false, false, false, false);
  }
}
