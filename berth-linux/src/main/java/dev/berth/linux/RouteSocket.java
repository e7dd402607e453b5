package dev.berth.linux;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A routing socket of one network namespace: interfaces, addresses, routes, neighbours. It belongs
 * to the namespace in which it was opened and works from any thread; one exchange runs at a time.
 * Keep one for each namespace in use and close it before the namespace shall die.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/rtnetlink.7.html">rtnetlink(7)</a>
 */
public final class RouteSocket implements AutoCloseable {
  private final NetlinkSocket socket;

  private RouteSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens one in the network namespace of the calling thread. */
  public static RouteSocket open() {
    return new RouteSocket(NetlinkSocket.open(NetlinkSocket.NETLINK_ROUTE));
  }

  /** Opens one in another network namespace. */
  public static RouteSocket in(Fd network) {
    return Namespaces.inNetwork(network, RouteSocket::open);
  }

  /**
   * Sends requests in as few messages as possible. The kernel tries each of them, also those after
   * a failed one.
   *
   * @throws LinuxException the first failure with the kernel's explanation; further ones suppressed
   */
  public void apply(List<NetlinkRequest> requests) {
    List<LinuxException> failures = new ArrayList<>();
    for (LinuxException failure : outcomes(requests)) {
      if (failure != null) {
        failures.add(failure);
      }
    }
    NetlinkSocket.throwFirst(failures);
  }

  /** Sends requests, see {@link #apply(List)}. */
  public void apply(NetlinkRequest... requests) {
    apply(Arrays.asList(requests));
  }

  /** Sends requests and tells what became of each, in their order: null for success. */
  public List<@Nullable LinuxException> outcomes(List<NetlinkRequest> requests) {
    return socket.send(requests);
  }

  /** All interfaces. */
  public List<Link> links() {
    return socket.query(Links.dump()).stream()
        .filter(message -> message.type() == Links.RTM_NEWLINK)
        .map(message -> Link.decode(message.payload()))
        .toList();
  }

  /** The interface of a name. */
  public Optional<Link> link(String name) {
    return find(Links.get(0, name));
  }

  /** The interface of a number. */
  public Optional<Link> link(int index) {
    return find(Links.get(index, ""));
  }

  private Optional<Link> find(NetlinkRequest request) {
    try {
      return socket.query(request).stream()
          .filter(message -> message.type() == Links.RTM_NEWLINK)
          .map(message -> Link.decode(message.payload()))
          .findFirst();
    } catch (LinuxException failure) {
      if (failure.is(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** All addresses of all interfaces. */
  public List<LinkAddress> addresses() {
    return socket.query(Addresses.dump()).stream()
        .filter(message -> message.type() == Addresses.RTM_NEWADDR)
        .map(message -> LinkAddress.decode(message.payload()))
        .toList();
  }

  /** The routes of all tables, those of the local table included. */
  public List<Route> routes() {
    return routes(Routes.dump());
  }

  private List<Route> routes(NetlinkRequest request) {
    return socket.query(request).stream()
        .filter(message -> message.type() == Routes.RTM_NEWROUTE)
        .map(message -> Route.decode(message.payload()))
        .toList();
  }

  /** The routes of the main table. */
  public List<Route> mainRoutes() {
    List<Route> found;
    try {
      found = routes(Routes.dump(Route.TABLE_MAIN));
    } catch (LinuxException notByTable) {
      // Some family of addresses has no tables and refuses to be asked for one.
      found = routes();
    }
    return found.stream().filter(route -> route.table() == Route.TABLE_MAIN).toList();
  }

  /** The neighbours of all interfaces. */
  public List<Neighbour> neighbours() {
    return neighbours(false);
  }

  /** The forwarding entries of all bridges and tunnels. */
  public List<Neighbour> forwardingEntries() {
    return neighbours(true);
  }

  private List<Neighbour> neighbours(boolean bridge) {
    return socket.query(Neighbours.dump(bridge)).stream()
        .filter(message -> message.type() == Neighbours.RTM_NEWNEIGH)
        .map(message -> Neighbour.decode(message.payload()))
        .toList();
  }

  /** Begins to receive notices of changed interfaces; then watch {@link #fd()}. */
  public void subscribeLinks() {
    socket.join(Links.GROUP);
  }

  /** The descriptor, readable when there are notices; stays owned by this object. */
  public Fd fd() {
    return socket.fd();
  }

  /**
   * Takes the notices that are there, without waiting, and tells which interfaces have gone.
   *
   * @throws LinuxException ENOBUFS when some were lost: any interface may have gone
   */
  public List<String> takeLostLinks() {
    List<String> lost = new ArrayList<>();
    for (var some = socket.receive(); !some.isEmpty(); some = socket.receive()) {
      some.stream()
          .filter(message -> message.type() == Links.RTM_DELLINK)
          // The notice that one is no longer a port of a bridge has the bridges' family.
          .filter(message -> message.payload().get(0) == 0)
          .map(message -> Link.decode(message.payload()).name())
          .forEach(lost::add);
    }
    return lost;
  }

  /** Closes the socket. */
  @Override
  public void close() {
    socket.close();
  }
}
