package dev.berth.network.explain;

import dev.berth.network.explain.NamespaceView.Listener;
import dev.berth.network.explain.Party.Published;
import dev.berth.network.firewall.Addresses;
import dev.berth.network.firewall.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * How a container can be reached at all.
 *
 * @param party the container
 * @param places by which networks
 * @param ports at which ports
 */
public record Reach(Party party, List<Place> places, List<Port> ports) {
  private static final InetAddress NAME_SERVER = InetAddress.ofLiteral("127.0.0.11");

  /** Copies the lists. */
  public Reach {
    places = List.copyOf(places);
    ports = List.copyOf(ports);
  }

  /**
   * A network that leads to it.
   *
   * @param network the network's name
   * @param addresses its addresses there
   * @param names what its neighbours may call it; empty where there are no names
   * @param neighbours the containers that are on the network too
   */
  public record Place(
      String network, List<String> addresses, List<String> names, List<String> neighbours) {
    /** Copies the lists. */
    public Place {
      addresses = List.copyOf(addresses);
      names = List.copyOf(names);
      neighbours = List.copyOf(neighbours);
    }
  }

  /**
   * A port that is published or that something waits at.
   *
   * @param number the port inside
   * @param protocol by which protocol
   * @param listening where something waits
   * @param published where it is on the host
   * @param remark what is odd about it; empty for nothing
   */
  public record Port(
      int number,
      Protocol protocol,
      List<String> listening,
      List<String> published,
      String remark) {
    /** Copies the lists. */
    public Port {
      listening = List.copyOf(listening);
      published = List.copyOf(published);
    }
  }

  /** What is known of a container. Pure. */
  public static Reach of(Party party, List<NetworkFacts> networks, List<Party> neighbours) {
    List<Place> places = new ArrayList<>();
    for (Party.Attachment attachment : party.attachments()) {
      NetworkFacts network =
          networks.stream()
              .filter(each -> each.id().equals(attachment.networkId()))
              .findFirst()
              .orElse(null);
      if (network != null) {
        places.add(place(party, attachment, network, neighbours));
      }
    }
    return new Reach(party, places, party.onHost() ? List.of() : ports(party));
  }

  private static Place place(
      Party party, Party.Attachment attachment, NetworkFacts network, List<Party> neighbours) {
    return new Place(
        network.name(),
        attachment.addresses().stream().map(Addresses::text).toList(),
        attachment.names(),
        neighbours.stream()
            .filter(other -> !other.name().equals(party.name()))
            .filter(other -> other.on(network.id()).isPresent())
            .map(Party::name)
            .sorted()
            .toList());
  }

  private record Key(int number, Protocol protocol) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return number == other.number
          ? protocol.compareTo(other.protocol)
          : Integer.compare(number, other.number);
    }
  }

  private static List<Port> ports(Party party) {
    TreeMap<Key, List<Listener>> listening = new TreeMap<>();
    TreeMap<Key, List<Published>> published = new TreeMap<>();
    for (Listener socket : party.view().listeners()) {
      if (!socket.address().equals(NAME_SERVER)) {
        listening
            .computeIfAbsent(new Key(socket.port(), socket.protocol()), key -> new ArrayList<>())
            .add(socket);
      }
    }
    for (Published port : party.published()) {
      Key key = new Key(port.containerPort(), port.protocol());
      published.computeIfAbsent(key, absent -> new ArrayList<>()).add(port);
      listening.computeIfAbsent(key, absent -> new ArrayList<>());
    }
    List<Port> ports = new ArrayList<>();
    listening.forEach((key, sockets) ->
        ports.add(
            new Port(
                key.number(),
                key.protocol(),
                sockets.stream().map(Texts::of).distinct().toList(),
                published.getOrDefault(key, List.of()).stream().map(Published::text).toList(),
                remark(sockets, published.containsKey(key)))));
    return ports;
  }

  private static String remark(List<Listener> sockets, boolean published) {
    if (sockets.isEmpty()) {
      return "published, but nothing listens";
    }
    boolean alone = sockets.stream().allMatch(socket -> socket.address().isLoopbackAddress());
    return alone
        ? "only the container itself can reach it" + (published ? ", although published" : "")
        : "";
  }
}
