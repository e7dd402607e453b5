package dev.berth.network.explain;

import dev.berth.core.EngineException;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Nftables;
import dev.berth.network.firewall.HostNamespace;
import dev.berth.network.trace.Ruleset;
import java.util.List;

/** Reads the host's rules as they are now, whoever wrote them and with which tool. */
public final class RulesReader {
  private final HostNamespace host;

  /**
   * @param host the namespace that plays the host
   */
  public RulesReader(HostNamespace host) {
    this.host = host;
  }

  /** The rules of one address family; a tool that is missing has none. */
  public Ruleset read(boolean ipv6) {
    return Ruleset.read(iptables(ipv6), nftables(), ipv6);
  }

  private String iptables(boolean ipv6) {
    try {
      return host.run(List.of(ipv6 ? "ip6tables-save" : "iptables-save"), "").output();
    } catch (EngineException missing) {
      return "";
    }
  }

  private String nftables() {
    try (Nftables library = host.openNftables()) {
      return library.run("list ruleset");
    } catch (LinuxException missing) {
      return "";
    }
  }
}
