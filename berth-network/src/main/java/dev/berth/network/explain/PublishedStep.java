package dev.berth.network.explain;

import dev.berth.network.explain.Finding.Topic;
import dev.berth.network.explain.Party.Published;
import dev.berth.network.trace.Packet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a port is published on the host, and where, for those who come by the host. */
final class PublishedStep implements Step {
  @Override
  public Optional<Finding> look(Situation situation, Journey journey) {
    Party from = situation.from();
    Party to = situation.to();
    if (to.isContainer() && !to.life().running()) {
      return Optional.empty();
    }
    if (to.isContainer() && !to.onHost() && from.kind() == Party.Kind.OUTSIDE) {
      return Optional.of(fromOutside(situation, to));
    }
    if (to.isContainer() && !to.onHost() && from.kind() == Party.Kind.HOST) {
      return Optional.of(fromHost(situation));
    }
    Aim aim = journey.aim();
    return to.kind() == Party.Kind.HOST && situation.question().hasPort() && aim != null
        ? Optional.of(hostPort(situation, journey, aim))
        : Optional.empty();
  }

  /** The bindings of the port that is asked for, by its number inside or else on the host. */
  static List<Published> bindings(Situation situation) {
    Question question = situation.question();
    List<Published> all =
        situation.to().published().stream()
            .filter(port -> port.protocol() == question.protocol() || !question.hasPort())
            .toList();
    if (!question.hasPort()) {
      return all;
    }
    List<Published> inside =
        all.stream().filter(port -> port.containerPort() == question.port()).toList();
    return inside.isEmpty()
        ? all.stream().filter(port -> port.hostPort() == question.port()).toList()
        : inside;
  }

  private static String texts(List<Published> bindings) {
    return bindings.stream().map(Published::text).distinct().collect(Collectors.joining(", "));
  }

  private static Finding fromOutside(Situation situation, Party to) {
    List<Published> bindings = bindings(situation);
    String port = situation.question().hasPort() ? situation.question().portText() : "no port";
    if (bindings.isEmpty()) {
      return Finding.failed(
          Topic.PUBLISHED,
          Verdict.NOT_PUBLISHED,
          (situation.question().hasPort() ? port + " is not published" : "no port is published")
              + (to.published().isEmpty() ? "" : "; published are " + texts(to.published())),
          "Make the container anew with -p HOSTPORT:" + portOrWord(situation.question()));
    }
    if (bindings.stream().allMatch(binding -> binding.hostAddress().isLoopbackAddress())) {
      return Finding.failed(
          Topic.PUBLISHED,
          Verdict.PUBLISHED_TO_LOOPBACK,
          port + " is published on " + texts(bindings) + ": only the host itself gets there",
          "Publish it without 127.0.0.1 (or with the address that shall serve it), if others shall"
              + " reach it.");
    }
    return Finding.ok(Topic.PUBLISHED, "published on " + texts(bindings));
  }

  private static String portOrWord(Question question) {
    return question.hasPort() ? Integer.toString(question.port()) : "PORT";
  }

  private static Finding fromHost(Situation situation) {
    List<Published> bindings = bindings(situation);
    return bindings.isEmpty()
        ? Finding.note(
            Topic.PUBLISHED,
            (situation.question().hasPort()
                    ? situation.question().portText() + " is not published"
                    : "no port is published")
                + ": this host gets there by the container's address, other machines do not",
            "")
        : Finding.ok(Topic.PUBLISHED, "published on " + texts(bindings));
  }

  private static Finding hostPort(Situation situation, Journey journey, Aim aim) {
    Packet packet = journey.packet();
    if (packet != null && packet.translated()) {
      String who =
          situation.holder(packet.destination()).map(Party::name).orElse("another machine");
      return Finding.ok(
          Topic.PUBLISHED,
          "port %d of the host leads to %s, port %d"
              .formatted(situation.question().port(), who, packet.port()));
    }
    boolean listens =
        situation.host().listeners().stream()
            .anyMatch(socket ->
                socket.port() == aim.port()
                    && socket.protocol() == situation.question().protocol());
    List<Published> elsewhere = elsewhere(situation, aim.address());
    if (!elsewhere.isEmpty()) {
      boolean loopback = elsewhere.stream().allMatch(p -> p.hostAddress().isLoopbackAddress());
      return Finding.failed(
          Topic.PUBLISHED,
          loopback ? Verdict.PUBLISHED_TO_LOOPBACK : Verdict.PUBLISHED_ELSEWHERE,
          "port %d is published on %s, not on %s"
              .formatted(aim.port(), texts(elsewhere), Texts.of(aim.address())),
          loopback
              ? "Publish it without 127.0.0.1, if others than the host shall reach it."
              : "Use that address, or publish the port on all of them.");
    }
    return listens
        ? Finding.ok(Topic.PUBLISHED, "a process of the host has port " + aim.port())
        : Finding.failed(
            Topic.PUBLISHED,
            Verdict.NOT_PUBLISHED,
            "no container publishes port %d on the host, and no process of the host has it"
                .formatted(aim.port()),
            "Publish it: make the container anew with -p " + aim.port() + ":PORT");
  }

  /** Bindings of this port of the host that do not cover an address. */
  private static List<Published> elsewhere(Situation situation, InetAddress address) {
    List<Published> found = new ArrayList<>();
    for (Party party : situation.neighbours()) {
      for (Published port : party.published()) {
        boolean same =
            port.hostPort() == situation.question().port()
                && port.protocol() == situation.question().protocol()
                && !port.hostAddress().equals(address)
                && !port.hostAddress().isAnyLocalAddress();
        if (same) {
          found.add(port);
        }
      }
    }
    return found;
  }
}
