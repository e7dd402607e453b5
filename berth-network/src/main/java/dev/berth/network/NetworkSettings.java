package dev.berth.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the engine's configuration says about networks.
 *
 * @param execRoot where namespaces are pinned, for instance {@code /var/run/docker}
 * @param bridge the default bridge
 * @param addressPools where automatic subnets come from; empty means Docker's own pools
 * @param defaultOptions driver name to options that every new network of it starts from
 * @param dns what containers get that say nothing themselves
 * @param ipForward whether the engine turns on forwarding in the kernel
 * @param hostGateways what {@code host-gateway} stands for; empty means the default bridge's own
 *     gateways
 */
public record NetworkSettings(
    Path execRoot,
    DefaultBridge bridge,
    List<AddressPool> addressPools,
    Map<String, Map<String, String>> defaultOptions,
    DnsSettings dns,
    boolean ipForward,
    List<String> hostGateways) {

  /** Copies the collections. */
  public NetworkSettings {
    addressPools = List.copyOf(addressPools);
    defaultOptions = Map.copyOf(defaultOptions);
    hostGateways = List.copyOf(hostGateways);
  }

  /** All defaults. */
  public static NetworkSettings defaults(Path execRoot) {
    return new NetworkSettings(
        execRoot, DefaultBridge.DEFAULT, List.of(), Map.of(), DnsSettings.NONE, true, List.of());
  }

  /**
   * The default bridge; a text is empty where nothing is said.
   *
   * @param enabled false for {@code --bridge none}: there is no network named bridge's link then
   * @param name the kernel bridge to use instead of {@code docker0}, which must exist
   * @param bip address and prefix length of the bridge, {@code --bip}
   * @param bip6 the same for IPv6
   * @param fixedCidr the part of the subnet that addresses come from
   * @param fixedCidr6 the IPv6 subnet
   * @param gateway the containers' default gateway instead of the bridge's address
   * @param gateway6 the same for IPv6
   * @param ipv6 whether it has IPv6
   * @param mtuBytes 0 means the kernel's default
   * @param icc whether its containers may reach one another
   * @param masquerade whether packets leave with the host's address
   * @param hostBindingIp where ports are published by default, or null for everywhere
   */
  public record DefaultBridge(
      boolean enabled,
      String name,
      String bip,
      String bip6,
      String fixedCidr,
      String fixedCidr6,
      String gateway,
      String gateway6,
      boolean ipv6,
      int mtuBytes,
      boolean icc,
      boolean masquerade,
      @Nullable String hostBindingIp) {
    /** Docker's defaults. */
    public static final DefaultBridge DEFAULT =
        new DefaultBridge(true, "", "", "", "", "", "", "", false, 0, true, true, null);
  }

  /**
   * One of {@code default-address-pools}.
   *
   * @param base the whole pool, in CIDR notation
   * @param size the prefix length of the subnets cut from it
   */
  public record AddressPool(String base, int size) {}

  /**
   * Resolver settings.
   *
   * @param servers addresses
   * @param search domains
   * @param options resolver options
   */
  public record DnsSettings(List<String> servers, List<String> search, List<String> options) {
    /** Nothing set. */
    public static final DnsSettings NONE = new DnsSettings(List.of(), List.of(), List.of());

    /** Copies the lists. */
    public DnsSettings {
      servers = List.copyOf(servers);
      search = List.copyOf(search);
      options = List.copyOf(options);
    }
  }
}
