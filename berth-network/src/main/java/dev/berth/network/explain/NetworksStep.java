package dev.berth.network.explain;

import dev.berth.network.explain.Finding.Topic;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether two containers share a network. */
final class NetworksStep implements Step {
  @Override
  public Optional<Finding> look(Situation situation, Journey journey) {
    Party from = situation.from();
    Party to = situation.to();
    boolean both = from.isContainer() && to.isContainer() && !from.onHost() && !to.onHost();
    if (!both || Aim.sameNamespace(situation) || from.attachments().isEmpty()) {
      return Optional.empty();
    }
    List<NetworkFacts> common = situation.common();
    if (!common.isEmpty()) {
      return Optional.of(
          Finding.ok(
              Topic.NETWORKS,
              "both are on "
                  + common.stream()
                      .map(network -> shared(network, from, to))
                      .collect(Collectors.joining("; "))));
    }
    if (to.attachments().isEmpty()) {
      return Optional.empty();
    }
    String text =
        "no network in common: %s is on %s, %s on %s"
            .formatted(from.name(), names(situation, from), to.name(), names(situation, to));
    if (journey.arrived()) {
      return Optional.of(Finding.note(Topic.NETWORKS, text + "; the host lets it through", ""));
    }
    Finding failed =
        Finding.failed(
            Topic.NETWORKS, Verdict.NO_COMMON_NETWORK, text, advice(situation, from, to));
    boolean ruled = journey.end() == Journey.End.DROPPED;
    return Optional.of(ruled ? failed.by(RulesStep.text(journey)) : failed);
  }

  private static String shared(NetworkFacts network, Party from, Party to) {
    return network.name()
        + " ("
        + from.on(network.id()).map(place -> Texts.of(place.addresses())).orElse("?")
        + " and "
        + to.on(network.id()).map(place -> Texts.of(place.addresses())).orElse("?")
        + ")";
  }

  private static String names(Situation situation, Party party) {
    return Texts.names(
        party.attachments().stream()
            .flatMap(place -> situation.network(place.networkId()).stream())
            .toList());
  }

  private static String advice(Situation situation, Party from, Party to) {
    String network =
        to.attachments().stream()
            .flatMap(place -> situation.network(place.networkId()).stream())
            .filter(each -> !each.defaultBridge())
            .map(NetworkFacts::name)
            .findFirst()
            .orElse("");
    String join =
        network.isEmpty()
            ? "Make a network for both: docker network create app; docker network connect app "
                + from.name()
                + "; docker network connect app "
                + to.name()
            : "Put them on one network: docker network connect " + network + " " + from.name();
    boolean published =
        to.published().stream().anyMatch(port -> !port.hostAddress().isLoopbackAddress());
    return published ? join + " (or use its published port by the host's address)" : join;
  }
}
