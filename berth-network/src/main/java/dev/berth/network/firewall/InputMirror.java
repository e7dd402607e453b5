package dev.berth.network.firewall;

import dev.berth.core.EngineException;
import dev.berth.linux.Capture;
import dev.berth.linux.LinuxException;
import dev.berth.linux.Nftables;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps published ports subject to what the host's own input chains say. Where those cannot be
 * written again, published ports are closed to everybody outside. Not safe for use by several
 * threads.
 */
final class InputMirror implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(InputMirror.class.getName());

  /** A script for each family and one for nftables, and each once more when it does not fit. */
  private static final int MOST_TRANSACTIONS = 6;

  private final HostNamespace host;
  private final RulesetGeneration generation;
  private @Nullable Nftables library;
  private Map<String, String> wanted = Map.of();
  private Map<String, String> present = Map.of();

  InputMirror(HostNamespace host) {
    this.host = host;
    this.generation = new RulesetGeneration(host);
  }

  /** Whether rules of the host have changed since they were last looked at. */
  boolean disturbed() {
    return generation.disturbed();
  }

  /** Follows the host's rules for these ports; writes nothing where all is so already. */
  void follow(FirewallSettings settings, Collection<PublishedPort> ports) {
    generation.settle();
    generation.during(
        MOST_TRANSACTIONS,
        () -> {
          for (IpFamily family : IpFamily.values()) {
            if (settings.enabled(family)) {
              followIptables(family, ports);
            }
          }
          followNftables(ports);
        });
  }

  private void followIptables(IpFamily family, Collection<PublishedPort> ports) {
    Capture.Result saved;
    try {
      saved = host.run(List.of(IptablesFirewall.program(family) + "-save"), "");
    } catch (EngineException missing) {
      LOG.log(System.Logger.Level.DEBUG, "no rules of iptables", missing);
      return;
    }
    if (!saved.status().isSuccess()) {
      LOG.log(System.Logger.Level.DEBUG, "no rules of iptables: {0}", saved.errors());
      return;
    }
    IptablesSave existing = IptablesSave.parse(saved.output());
    try {
      restore(family, IptablesInput.script(existing, ports, family));
    } catch (EngineException failure) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the rules of INPUT cannot be applied to published ports, which are closed therefore",
          failure);
      restore(family, IptablesInput.closed(existing, ports, family));
    }
  }

  private void restore(IpFamily family, String script) {
    if (!script.isEmpty()) {
      IptablesFirewall.restore(host, family, script);
    }
  }

  private void followNftables(Collection<PublishedPort> ports) {
    String listing = list();
    Map<String, String> tables = NftablesInput.tables(listing, ports, false);
    Map<String, String> own = NftablesInput.own(listing);
    if (tables.equals(wanted) && own.equals(present)) {
      return;
    }
    StringBuilder removal = new StringBuilder();
    own.keySet().forEach(name -> removal.append("delete table ").append(name).append('\n'));
    try {
      run(removal + String.join("", tables.values()));
    } catch (EngineException failure) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the host's input rules cannot be applied to published ports, which are closed therefore",
          failure);
      run(removal + String.join("", NftablesInput.tables(listing, ports, true).values()));
    }
    wanted = tables;
    present = NftablesInput.own(list());
  }

  /** The tables with input chains, and ours. */
  private String list() {
    try {
      StringBuilder listing = new StringBuilder();
      for (String table : NftablesInput.concerned(library().listStateless("list chains"))) {
        listing.append(library().listStateless("list table " + table));
      }
      return listing.toString();
    } catch (LinuxException e) {
      throw EngineException.internal("nftables failed: " + e.getMessage(), e);
    }
  }

  private void run(String commands) {
    if (!commands.isEmpty()) {
      try {
        library().run(commands);
      } catch (LinuxException e) {
        throw EngineException.internal("nftables failed: " + e.getMessage(), e);
      }
    }
  }

  private Nftables library() {
    if (library == null) {
      library = host.openNftables();
    }
    return library;
  }

  @Override
  public void close() {
    generation.close();
    if (library != null) {
      library.close();
      library = null;
    }
  }
}
