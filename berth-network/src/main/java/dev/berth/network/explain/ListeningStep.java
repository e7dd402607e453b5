package dev.berth.network.explain;

import dev.berth.network.explain.Finding.Topic;
import dev.berth.network.explain.NamespaceView.Listener;
import dev.berth.network.trace.Packet;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether something waits at the port. */
final class ListeningStep implements Step {
  private static final InetAddress NAME_SERVER = InetAddress.ofLiteral("127.0.0.11");

  @Override
  public Optional<Finding> look(Situation situation, Journey journey) {
    Party arrival = journey.arrival() == null ? situation.to() : journey.arrival();
    boolean known =
        arrival.life().running()
            && !arrival.view().equals(NamespaceView.EMPTY)
            && (arrival.isContainer() || arrival.kind() == Party.Kind.HOST);
    if (!known) {
      return Optional.empty();
    }
    List<Listener> sockets = listeners(arrival.view(), situation);
    if (!situation.question().hasPort()) {
      return Optional.of(all(arrival, sockets));
    }
    Packet packet = journey.packet();
    int port = packet == null ? situation.question().port() : packet.port();
    InetAddress address = packet == null ? null : packet.destination();
    List<Listener> there = sockets.stream().filter(socket -> socket.port() == port).toList();
    String where = port + "/" + situation.question().protocol().text();
    if (there.isEmpty()) {
      return Optional.of(nothing(situation, arrival, where, sockets));
    }
    boolean taken =
        there.stream()
            .anyMatch(socket ->
                address == null ? !socket.address().isLoopbackAddress() : socket.takes(address));
    return Optional.of(
        taken
            ? Finding.ok(Topic.LISTENING, arrival.name() + " listens on " + texts(there))
            : narrow(arrival, where, there));
  }

  static List<Listener> listeners(NamespaceView view, Situation situation) {
    return view.listeners().stream()
        .filter(socket -> socket.protocol() == situation.question().protocol())
        .filter(socket -> !socket.address().equals(NAME_SERVER))
        .toList();
  }

  static String texts(List<Listener> sockets) {
    return sockets.stream().map(Texts::of).distinct().collect(Collectors.joining(", "));
  }

  private static Finding all(Party arrival, List<Listener> sockets) {
    return sockets.isEmpty()
        ? Finding.note(Topic.LISTENING, arrival.name() + " listens on no port", "")
        : Finding.ok(Topic.LISTENING, arrival.name() + " listens on " + texts(sockets));
  }

  private static Finding nothing(
      Situation situation, Party arrival, String where, List<Listener> sockets) {
    String others =
        sockets.isEmpty() ? "; it listens on no port" : "; it listens on " + texts(sockets);
    String inside =
        arrival.published().stream()
            .filter(port -> port.hostPort() == situation.question().port())
            .map(port -> Integer.toString(port.containerPort()))
            .findFirst()
            .orElse("");
    return Finding.failed(
        Topic.LISTENING,
        Verdict.NOTHING_LISTENS,
        "nothing in " + arrival.name() + " listens on " + where + others,
        situation.from().isContainer() && situation.from().name().equals(arrival.name())
            ? "For another container use its name, for the host host.docker.internal (run with"
                + " --add-host host.docker.internal:host-gateway)."
            : inside.isEmpty()
                ? "Does the service run, and on this port? docker logs " + arrival.name()
                : "%d is its port on the host; other containers use its own port %s."
                    .formatted(situation.question().port(), inside));
  }

  private static Finding narrow(Party arrival, String where, List<Listener> there) {
    boolean loopback = there.stream().allMatch(socket -> socket.address().isLoopbackAddress());
    return Finding.failed(
        Topic.LISTENING,
        loopback ? Verdict.LISTENS_ON_LOOPBACK : Verdict.LISTENS_ELSEWHERE,
        "%s listens for %s on %s only%s"
            .formatted(
                arrival.name(),
                where,
                texts(there),
                loopback ? ", which nobody but " + arrival.name() + " itself can reach" : ""),
        "Let the service listen on 0.0.0.0 (often an option such as --host, --bind or listen).");
  }
}
