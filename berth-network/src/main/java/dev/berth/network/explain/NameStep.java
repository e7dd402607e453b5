package dev.berth.network.explain;

import dev.berth.network.explain.Finding.Topic;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Whether the name leads to an address. */
final class NameStep implements Step {
  @Override
  public Optional<Finding> look(Situation situation, Journey journey) {
    Names names = situation.names();
    Party to = situation.to();
    if (!names.needed()) {
      boolean hostToContainer =
          situation.from().onHost() && to.isContainer() && !to.attachments().isEmpty();
      return hostToContainer && !Aim.sameNamespace(situation)
          ? Optional.of(
              Finding.note(
                  Topic.NAME,
                  "the host does not know containers by name: it takes their addresses",
                  ""))
          : Optional.empty();
    }
    boolean aboutContainer = to.isContainer();
    boolean nowhere =
        to.onHost()
            || !to.life().running()
            || to.attachments().isEmpty()
            || situation.from().attachments().isEmpty();
    if (aboutContainer && nowhere) {
      return Optional.empty();
    }
    return Optional.of(aboutContainer ? container(situation) : other(situation));
  }

  private static Finding container(Situation situation) {
    Names names = situation.names();
    String name = situation.question().to();
    List<java.net.InetAddress> predicted =
        names.predicted() == null ? List.of() : names.predicted();
    if (predicted.isEmpty()) {
      return unknownToDns(situation, name);
    }
    Names.Answer answer = names.answer();
    if (answer == null) {
      return Finding.ok(Topic.NAME, name + " is " + Texts.of(predicted) + " by " + names.source());
    }
    if (answer.outcome() == Names.Outcome.FOUND) {
      boolean same = new HashSet<>(predicted).containsAll(answer.addresses());
      return same
          ? Finding.ok(
              Topic.NAME,
              name + " resolves to " + Texts.of(answer.addresses()) + " by " + names.source())
          : Finding.note(
              Topic.NAME,
              "%s resolves to %s, where the engine would say %s"
                  .formatted(name, Texts.of(answer.addresses()), Texts.of(predicted)),
              "Look for it in /etc/hosts and in the container's own resolver settings.");
    }
    return Finding.failed(
        Topic.NAME,
        Verdict.NAME_NOT_RESOLVED,
        "%s should be %s, but %s %s"
            .formatted(name, Texts.of(predicted), servers(names), said(answer)),
        "Look at /etc/resolv.conf in "
            + situation.from().name()
            + ": the names of containers come from 127.0.0.11.");
  }

  private static Finding unknownToDns(Situation situation, String name) {
    List<NetworkFacts> common = situation.common();
    Party to = situation.to();
    if (common.isEmpty()) {
      return Finding.failed(
          Topic.NAME,
          Verdict.NO_COMMON_NETWORK,
          name + " has no address here: names are known only on networks that both are on",
          "");
    }
    String address =
        to.on(common.getFirst().id()).map(place -> Texts.of(place.addresses())).orElse("");
    boolean nameless = common.stream().allMatch(NetworkFacts::defaultBridge);
    return nameless
        ? Finding.failed(
            Topic.NAME,
            Verdict.NO_NAMES_ON_DEFAULT_BRIDGE,
            name
                + " has no address here: containers have no names on the default bridge; only "
                + address
                + " leads there",
            "Put both on a network of their own: docker network create app; docker network connect"
                + " app "
                + situation.from().name()
                + "; docker network connect app "
                + to.name())
        : Finding.failed(
            Topic.NAME,
            Verdict.UNKNOWN_NAME,
            name + " is not among the names of " + to.name() + " on " + Texts.names(common),
            "Use one of its names there: "
                + String.join(", ", to.on(common.getFirst().id()).orElseThrow().names()));
  }

  private static Finding other(Situation situation) {
    Names names = situation.names();
    String name = situation.question().to();
    Names.Answer answer = names.answer();
    if (!names.addresses().isEmpty()) {
      return Finding.ok(
          Topic.NAME,
          name
              + " resolves to "
              + Texts.of(names.addresses())
              + (names.source().isEmpty() ? "" : " by " + names.source()));
    }
    if (answer == null
        || situation.to().kind() == Party.Kind.UNKNOWN
        || answer.outcome() == Names.Outcome.NO_SUCH_NAME) {
      return Finding.failed(
          Topic.NAME,
          Verdict.UNKNOWN_NAME,
          "there is no container, alias or other name " + name,
          names.similar().isEmpty()
              ? "bin/berth ps --all lists the containers."
              : "Did you mean " + String.join(" or ", names.similar()) + "?");
    }
    return failing(situation, name, answer);
  }

  private static Finding failing(Situation situation, String name, Names.Answer answer) {
    boolean inside =
        situation.from().isContainer()
            && !situation.from().attachments().isEmpty()
            && situation.from().attachments().stream()
                .flatMap(place -> situation.network(place.networkId()).stream())
                .allMatch(NetworkFacts::internal);
    String what = name + " cannot be looked up: " + servers(situation.names()) + " ";
    return inside
        ? Finding.failed(
            Topic.NAME,
            Verdict.INTERNAL_NETWORK,
            what + said(answer) + "; an internal network asks nobody outside",
            "Connect it to a network that is not internal too, if it shall reach the outside.")
        : Finding.failed(
            Topic.NAME,
            Verdict.DNS_FAILING,
            what + said(answer),
            "Check the name servers in the host's /etc/resolv.conf, or give others: --dns at the"
                + " container, or \"dns\" in the engine's daemon.json.");
  }

  private static String servers(Names names) {
    return names.servers().isEmpty()
        ? "there is no name server, which"
        : "the name server " + String.join(", ", names.servers());
  }

  private static String said(Names.Answer answer) {
    return switch (answer.outcome()) {
      case FOUND -> "answered";
      case NO_SUCH_NAME -> "says that there is no such name";
      case FAILED -> "says that it cannot tell";
      case SILENT -> "does not answer";
    };
  }
}
