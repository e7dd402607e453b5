package dev.berth.network.explain;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the first packet is sent to.
 *
 * @param address the address
 * @param port the port; 0 for any
 */
public record Aim(InetAddress address, int port) {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** Where one who connects would connect to; nothing where no address is known. */
  static Optional<Aim> of(Situation situation) {
    int port = situation.question().port();
    if (situation.literal() != null) {
      return Optional.of(new Aim(situation.literal(), port));
    }
    return switch (situation.to().kind()) {
      case HOST -> host(situation).map(address -> new Aim(address, port));
      case CONTAINER -> container(situation);
      case ADDRESS, UNKNOWN, OUTSIDE ->
          first(situation.names().addresses()).map(address -> new Aim(address, port));
    };
  }

  private static Optional<Aim> container(Situation situation) {
    int port = situation.question().port();
    Party to = situation.to();
    if (situation.from().kind() == Party.Kind.OUTSIDE) {
      return to.onHost()
          ? host(situation).map(address -> new Aim(address, port))
          : published(situation);
    }
    if (sameNamespace(situation)) {
      return Optional.of(new Aim(LOOPBACK, port));
    }
    if (to.onHost()) {
      return host(situation).map(address -> new Aim(address, port));
    }
    List<InetAddress> candidates = new ArrayList<>(situation.names().addresses());
    situation
        .common()
        .forEach(network ->
            to.on(network.id()).ifPresent(place -> candidates.addAll(place.addresses())));
    to.attachments().forEach(place -> candidates.addAll(place.addresses()));
    return first(candidates).map(address -> new Aim(address, port));
  }

  private static Optional<Aim> published(Situation situation) {
    return PublishedStep.bindings(situation).stream()
        .filter(binding -> !binding.hostAddress().isLoopbackAddress())
        .min((one, other) -> rank(one) - rank(other))
        .flatMap(binding ->
            (binding.hostAddress().isAnyLocalAddress()
                    ? situation.host().mainAddress()
                    : Optional.of(binding.hostAddress()))
                .map(address -> new Aim(address, binding.hostPort())));
  }

  private static int rank(Party.Published binding) {
    return binding.hostAddress() instanceof Inet4Address ? 0 : 1;
  }

  private static Optional<InetAddress> host(Situation situation) {
    Party from = situation.from();
    if (from.kind() == Party.Kind.OUTSIDE) {
      return situation.host().mainAddress();
    }
    if (from.onHost()) {
      return Optional.of(LOOPBACK);
    }
    Optional<InetAddress> gateway =
        from.view().routes().stream()
            .filter(route -> route.destination().length() == 0)
            .flatMap(route -> Optional.ofNullable(route.gateway()).stream())
            .filter(situation.host()::owns)
            .findFirst();
    return gateway.or(() ->
        from.attachments().stream()
            .flatMap(place -> situation.network(place.networkId()).stream())
            .flatMap(network -> situation.host().address(network.bridge(), false).stream())
            .findFirst()
            .or(situation.host()::mainAddress));
  }

  private static Optional<InetAddress> first(List<InetAddress> addresses) {
    return addresses.stream()
        .filter(Inet4Address.class::isInstance)
        .findFirst()
        .or(() -> addresses.stream().findFirst());
  }

  /** Whether both ends live in one network namespace. */
  static boolean sameNamespace(Situation situation) {
    Party from = situation.from();
    Party to = situation.to();
    boolean shared =
        from.isContainer()
            && to.isContainer()
            && !from.attachments().isEmpty()
            && from.attachments().equals(to.attachments());
    return shared
        || (from.isContainer() && to.isContainer() && from.name().equals(to.name()))
        || (from.onHost() && to.onHost());
  }
}
