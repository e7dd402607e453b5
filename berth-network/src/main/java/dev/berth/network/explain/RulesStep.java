package dev.berth.network.explain;

import dev.berth.network.explain.Finding.Topic;
import dev.berth.network.trace.Hook;
import dev.berth.network.trace.Packet;
import dev.berth.network.trace.Ruling;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the packet filter does with the first packet. */
final class RulesStep implements Step {
  /** Chains into which the host's own input rules are copied, see docs/design/host-firewall.md. */
  private static final String COPIES = "DOCKER-INPUT";

  @Override
  public Optional<Finding> look(Situation situation, Journey journey) {
    Ruling ruling = journey.ruling();
    if (ruling == null) {
      return journey.way() == Journey.Way.LINK && journey.arrived()
          ? Optional.of(Finding.ok(Topic.RULES, "within one bridge: no rule of the host is asked"))
          : Optional.empty();
    }
    if (journey.end() == Journey.End.DROPPED) {
      return Optional.of(dropped(situation, journey, ruling).by(text(journey)));
    }
    if (!journey.arrived()) {
      return Optional.empty();
    }
    if (!ruling.doubts().isEmpty()) {
      return Optional.of(
          Finding.note(
              Topic.RULES,
              "the rules let it pass, unless one with conditions that cannot be foreseen decides: "
                  + ruling.doubts().stream()
                      .map(Ruling.Place::toString)
                      .collect(Collectors.joining("; ")),
              ""));
    }
    Finding passed = Finding.ok(Topic.RULES, "the rules let it pass");
    return Optional.of(ruling.deciding().isEmpty() ? passed : passed.by(text(journey)));
  }

  /** The rule that decided, and where it stands. */
  static String text(Journey journey) {
    Ruling ruling = journey.ruling();
    return ruling == null || ruling.deciding().isEmpty()
        ? ""
        : ruling.deciding().getLast().toString();
  }

  private static Finding dropped(Situation situation, Journey journey, Ruling ruling) {
    Packet packet = ruling.packet();
    NetworkFacts source = situation.networkOf(packet.in()).orElse(null);
    NetworkFacts target =
        situation
            .networkOf(packet.out())
            .or(() -> situation.networkWith(packet.destination()))
            .orElse(null);
    if (ruling.deciding().stream().anyMatch(place -> place.chain().equals("DOCKER-USER"))) {
      return Finding.failed(
          Topic.RULES,
          Verdict.USER_RULE,
          "a rule in DOCKER-USER, which is the administrator's chain, drops it",
          "Change that rule, or put one before it that accepts: iptables -I DOCKER-USER …");
    }
    if (!ours(ruling) || journey.hook() == Hook.INPUT) {
      return foreign(journey);
    }
    if (source != null && source.equals(target)) {
      return Finding.failed(
          Topic.RULES,
          Verdict.ICC_DISABLED,
          "containers of network "
              + source.name()
              + " may not reach each other: its enable_icc is"
              + " false",
          "Make the network anew without com.docker.network.bridge.enable_icc=false, or publish the"
              + " port and use the host's address.");
    }
    NetworkFacts internal =
        source != null && source.internal()
            ? source
            : target != null && target.internal() ? target : null;
    if (internal != null) {
      return Finding.failed(
          Topic.RULES,
          Verdict.INTERNAL_NETWORK,
          "network " + internal.name() + " is internal: nothing passes between it and the outside",
          "Connect the container to a network that is not internal too.");
    }
    if (source != null && target != null) {
      return Finding.failed(
          Topic.RULES,
          Verdict.NO_COMMON_NETWORK,
          "networks %s and %s are kept apart".formatted(source.name(), target.name()),
          "Put both containers on one network with docker network connect.");
    }
    return target != null
        ? Finding.failed(
            Topic.RULES,
            Verdict.NOT_PUBLISHED,
            "what comes from outside gets into network "
                + target.name()
                + " by published ports only",
            "Publish the port, and connect to the host's address.")
        : foreign(journey);
  }

  private static Finding foreign(Journey journey) {
    boolean input = journey.hook() == Hook.INPUT;
    return Finding.failed(
        Topic.RULES,
        Verdict.HOST_FIREWALL,
        input
            ? "the host's own firewall does not let it in"
            : "the host's own firewall does not let it through",
        "Allow it in that firewall (ufw, firewalld or nftables): the rule is not the engine's.");
  }

  /** Whether the engine wrote the rule. */
  private static boolean ours(Ruling ruling) {
    return ruling.deciding().stream()
        .anyMatch(place ->
            (place.chain().startsWith("DOCKER") && !place.chain().startsWith(COPIES))
                || place.table().endsWith("docker-bridges")
                || place.table().equals("raw"));
  }
}
