package dev.berth.network.firewall;

import dev.berth.core.EngineException;
import dev.berth.linux.LinuxException;
import dev.berth.linux.NetfilterBatch;
import dev.berth.linux.NetfilterSocket;
import dev.berth.linux.Nftables;
import dev.berth.linux.SetElement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The backend of tables of its own: networks change by text through the library, ports and links as
 * elements straight to the kernel. Either way a change is one transaction for both families.
 */
final class NftablesFirewall extends KernelFirewall {
  private static final System.Logger LOG = System.getLogger(NftablesFirewall.class.getName());

  /** Three tables of iptables in each of two families. */
  private static final int MOST_OTHER_TRANSACTIONS = 6 + NftablesTables.MOST;

  private final Map<NftablesElement, Integer> uses = new HashMap<>();
  private @Nullable Nftables library;
  private @Nullable NetfilterSocket socket;

  NftablesFirewall(HostNamespace host, FirewallSettings settings) {
    super(host, settings);
  }

  @Override
  public String name() {
    return "nftables";
  }

  @Override
  void removeNow() {
    StringBuilder commands = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      if (state().settings().enabled(family)) {
        commands.append(NftablesRules.remove(family));
      }
    }
    run(commands.toString());
    uses.clear();
  }

  @Override
  public void replaceOthers() {
    exclusively(() ->
        generation.during(
            MOST_OTHER_TRANSACTIONS,
            () -> {
              for (IpFamily family : IpFamily.values()) {
                if (state().settings().enabled(family) && hasIptables(family)) {
                  IptablesFirewall.leave(host, state(), family);
                }
              }
              if (!state().settings().obeyInput()) {
                NftablesTables.removeInput(host);
              }
            }));
  }

  /** Whether the other backend's chains are there, as far as this library sees them. */
  private boolean hasIptables(IpFamily family) {
    String word = NftablesRules.word(family);
    return has("list chain " + word + " filter DOCKER-FORWARD")
        || (!state().settings().obeyInput() && has("list chain " + word + " mangle DOCKER-INPUT"));
  }

  private boolean has(String listing) {
    try {
      run(listing);
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  @Override
  void applyNow(FirewallState desired) {
    run(NftablesRules.whole(desired));
    generation.settle();
    become(desired);
    uses.clear();
    countUses(NftablesRules.elements(desired));
    variables.follow(desired.networks().values());
  }

  private void countUses(List<NftablesElement> elements) {
    elements.forEach(element -> uses.merge(element, 1, Integer::sum));
  }

  @Override
  void transact(List<FirewallChange> changes) {
    FirewallDelta delta = FirewallDelta.of(state(), changes);
    if (!delta.closing().isEmpty()) {
      applyNow(delta.after());
      return;
    }
    Difference difference = difference(delta);
    try {
      generation.during(1, () -> commit(difference));
    } catch (EngineException e) {
      // Somebody has changed our tables: write them anew, which changes nothing when it fails.
      LOG.log(
          System.Logger.Level.INFO, "writing all rules, as a change did not fit: {0}", e.text());
      applyNow(delta.after());
      return;
    }
    difference.releases.forEach(
        element -> uses.computeIfPresent(element, (key, count) -> count > 1 ? count - 1 : null));
    countUses(difference.claims);
    become(delta.after());
    variables.follow(delta.addedNetworks());
  }

  /**
   * What changes in the kernel. Two ports may share an element, as one container port can be
   * published twice: it goes with the last.
   *
   * @param claims what added things need
   * @param releases what removed things needed
   * @param added what nobody needed before
   * @param removed what nobody needs any more
   */
  private record Difference(
      List<NftablesElement> claims,
      List<NftablesElement> releases,
      List<NftablesElement> added,
      List<NftablesElement> removed) {}

  private Difference difference(FirewallDelta delta) {
    List<NftablesElement> claims = new ArrayList<>();
    List<NftablesElement> releases = new ArrayList<>();
    delta.removedNetworks().forEach(network -> releases.addAll(NftablesElements.of(network)));
    collect(delta.before(), delta.removedPorts(), delta.removedLinks(), releases);
    delta.addedNetworks().forEach(network -> claims.addAll(NftablesElements.of(network)));
    collect(delta.after(), delta.addedPorts(), delta.addedLinks(), claims);
    FirewallSettings settings = state().settings();
    claims.removeIf(element -> !settings.enabled(element.family()));
    releases.removeIf(element -> !settings.enabled(element.family()));
    Map<NftablesElement, Integer> balance = new LinkedHashMap<>();
    releases.forEach(element -> balance.merge(element, -1, Integer::sum));
    claims.forEach(element -> balance.merge(element, 1, Integer::sum));
    List<NftablesElement> added = new ArrayList<>();
    List<NftablesElement> removed = new ArrayList<>();
    balance.forEach((element, change) -> {
      int before = uses.getOrDefault(element, 0);
      if (before == 0 && change > 0) {
        added.add(element);
      } else if (before > 0 && before + change <= 0) {
        removed.add(element);
      }
    });
    return new Difference(claims, releases, added, removed);
  }

  private static void collect(
      FirewallState state,
      List<PublishedPort> ports,
      List<FirewallLink> links,
      List<NftablesElement> into) {
    for (PublishedPort port : ports) {
      FirewallNetwork network = state.networks().get(port.networkId());
      if (network != null) {
        into.addAll(NftablesElements.of(network, port));
      }
    }
    for (FirewallLink link : links) {
      if (state.networks().containsKey(link.networkId())) {
        into.add(NftablesElements.of(link));
      }
    }
  }

  private void commit(Difference difference) {
    boolean raw =
        difference.added.stream().allMatch(element -> element.raw() != null)
            && difference.removed.stream().allMatch(element -> element.raw() != null);
    if (!raw) {
      run(
          NftablesRules.commands("delete", difference.removed)
              + NftablesRules.commands("add", difference.added));
      return;
    }
    NetfilterBatch batch = new NetfilterBatch();
    rawBySet(difference.removed)
        .forEach((set, values) -> batch.delete(set.family, NftablesRules.TABLE, set.name, values));
    rawBySet(difference.added)
        .forEach((set, values) -> batch.add(set.family, NftablesRules.TABLE, set.name, values));
    if (batch.isEmpty()) {
      return;
    }
    try {
      socket().commit(batch);
    } catch (LinuxException e) {
      throw EngineException.internal("the kernel refuses elements: " + e.getMessage(), e);
    }
  }

  private record SetName(int family, String name) {}

  private static Map<SetName, List<SetElement>> rawBySet(List<NftablesElement> elements) {
    Map<SetName, List<SetElement>> bySet = new LinkedHashMap<>();
    for (NftablesElement element : elements) {
      int family =
          element.family() == IpFamily.IPV4 ? NetfilterBatch.FAMILY_IP : NetfilterBatch.FAMILY_IP6;
      bySet
          .computeIfAbsent(new SetName(family, element.set()), set -> new ArrayList<>())
          .add(Objects.requireNonNull(element.raw()));
    }
    return bySet;
  }

  @Override
  FirewallDrift compare() {
    List<String> missing = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      if (state().settings().enabled(family)) {
        String table = NftablesRules.word(family) + " " + NftablesRules.TABLE;
        NftablesListing should = NftablesListing.parse(NftablesRules.table(state(), family));
        NftablesListing.compare(
            table, should, NftablesListing.parse(list(table)), missing, foreign);
      }
    }
    return new FirewallDrift(missing, foreign);
  }

  /** The listing of a table; empty when there is none. */
  private String list(String table) {
    try {
      return run("list table " + table);
    } catch (EngineException e) {
      return "";
    }
  }

  private String run(String commands) {
    if (commands.isEmpty()) {
      return "";
    }
    try {
      if (library == null) {
        library = host.openNftables();
      }
      return library.run(commands);
    } catch (LinuxException e) {
      throw EngineException.internal("nftables failed: " + e.getMessage(), e);
    }
  }

  private NetfilterSocket socket() {
    if (socket == null) {
      socket = host.call(NetfilterSocket::open);
    }
    return socket;
  }

  @Override
  void closeNow() {
    if (library != null) {
      library.close();
      library = null;
    }
    if (socket != null) {
      socket.close();
      socket = null;
    }
  }
}
