package dev.berth.engine;

import dev.berth.network.explain.Names;
import dev.berth.network.explain.NamespaceView;
import dev.berth.network.explain.NetworkFacts;
import dev.berth.network.explain.Party;
import dev.berth.network.explain.Party.Attachment;
import dev.berth.network.explain.Question;
import dev.berth.network.explain.Resolver;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a word means to the one who connects, by what the engine knows of names. Pure. */
final class NameSearch {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final Question question;
  private final Party from;
  private final Surroundings surroundings;

  NameSearch(Question question, Party from, Surroundings surroundings) {
    this.question = question;
    this.from = from;
    this.surroundings = surroundings;
  }

  /**
   * What there is.
   *
   * @param networks all networks
   * @param neighbours all containers that run
   * @param host the host's namespace
   */
  record Surroundings(List<NetworkFacts> networks, List<Party> neighbours, NamespaceView host) {}

  /**
   * What the engine knows of a name.
   *
   * @param addresses what it stands for; empty where the engine does not know it
   * @param source who says so
   * @param visible all names that can be used here
   */
  record Known(List<InetAddress> addresses, String source, List<String> visible) {
    Names names(Names.@Nullable Answer answer, Resolver.Files files, List<String> similar) {
      return new Names(true, addresses, source, answer, files.servers(), similar);
    }
  }

  String word() {
    return question.to();
  }

  Party from() {
    return from;
  }

  NamespaceView host() {
    return surroundings.host();
  }

  /** The address that was written, or null. */
  @Nullable InetAddress literal() {
    if (word().equals("localhost")) {
      return LOOPBACK;
    }
    try {
      return InetAddress.ofLiteral(word().replace("[", "").replace("]", ""));
    } catch (IllegalArgumentException name) {
      return null;
    }
  }

  /** Who has an address, as seen from the one who connects. */
  Party holder(InetAddress address, Party asking) {
    if (address.isLoopbackAddress() && asking.isContainer()) {
      return asking;
    }
    Optional<Party> container = neighbour(address);
    return container.orElseGet(() ->
        surroundings.host().owns(address)
            ? Party.theHost(surroundings.host())
            : Party.of(Party.Kind.ADDRESS, word(), NamespaceView.EMPTY));
  }

  /** The container that has an address. */
  Optional<Party> neighbour(InetAddress address) {
    return surroundings.neighbours().stream()
        .filter(party -> party.holding(address).isPresent())
        .findFirst();
  }

  /** Whether the word is meant as a name, and not as an id by which the engine finds it. */
  boolean isNameOf(String container, String asked, Known known) {
    return asked.equals(container) || !known.addresses().isEmpty();
  }

  /** What its hosts file and the engine's name server make of the word. */
  Known known(Resolver.Files files) {
    List<InetAddress> written = Resolver.fromHosts(files.hosts(), word());
    List<String> visible = new ArrayList<>();
    Known found = null;
    for (Attachment place : from.attachments()) {
      NetworkFacts network =
          surroundings.networks().stream()
              .filter(each -> each.id().equals(place.networkId()))
              .findFirst()
              .orElse(null);
      if (network == null || network.defaultBridge()) {
        continue;
      }
      visible.addAll(place.links().keySet());
      List<InetAddress> addresses = on(network, wanted(place, network), visible);
      if (found == null && !addresses.isEmpty()) {
        found = new Known(addresses, "the name server of network " + network.name(), visible);
      }
    }
    if (!written.isEmpty()) {
      return new Known(written, "/etc/hosts", visible);
    }
    return found == null ? new Known(List.of(), "", visible) : found;
  }

  private String wanted(Attachment place, NetworkFacts network) {
    String name = word().toLowerCase(Locale.ROOT);
    String linked = place.links().getOrDefault(name, name).toLowerCase(Locale.ROOT);
    String suffix = "." + network.name().toLowerCase(Locale.ROOT);
    return linked.endsWith(suffix)
        ? linked.substring(0, linked.length() - suffix.length())
        : linked;
  }

  private List<InetAddress> on(NetworkFacts network, String name, List<String> visible) {
    List<InetAddress> addresses = new ArrayList<>();
    for (Party party : surroundings.neighbours()) {
      Attachment place = party.on(network.id()).orElse(null);
      if (place == null) {
        continue;
      }
      visible.addAll(place.names());
      if (place.names().stream().anyMatch(each -> each.equalsIgnoreCase(name))) {
        place.addresses().stream()
            .filter(address -> !addresses.contains(address))
            .forEach(addresses::add);
      }
    }
    return addresses;
  }
}
