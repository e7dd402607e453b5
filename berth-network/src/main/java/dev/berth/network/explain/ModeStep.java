package dev.berth.network.explain;

import dev.berth.network.explain.Finding.Topic;
import dev.berth.network.explain.Party.Mode;
import java.util.Optional;

/** Whether both ends have a network, and whose. */
final class ModeStep implements Step {
  @Override
  public Optional<Finding> look(Situation situation, Journey journey) {
    Party from = situation.from();
    Party to = situation.to();
    if (!from.isContainer() && !to.isContainer()) {
      return Optional.empty();
    }
    if (from.isContainer() && from.name().equals(to.name())) {
      return Optional.of(
          Finding.note(
              Topic.MODE,
              "inside a container 127.0.0.1 and localhost are the container itself, not the host",
              ""));
    }
    if (Aim.sameNamespace(situation)) {
      return Optional.of(
          Finding.ok(Topic.MODE, "both are in one network namespace: 127.0.0.1 leads there"));
    }
    if (without(from)) {
      return Optional.of(alone(from, Verdict.SOURCE_HAS_NO_NETWORK));
    }
    if (without(to)) {
      return Optional.of(alone(to, Verdict.NO_NETWORK));
    }
    if (to.isContainer() && to.onHost()) {
      return Optional.of(onHost(situation));
    }
    return from.isContainer() && from.onHost()
        ? Optional.of(
            Finding.note(
                Topic.MODE,
                from.name() + " uses the host's network, so it stands where the host does",
                ""))
        : Optional.empty();
  }

  private static boolean without(Party party) {
    return party.isContainer()
        && party.life().running()
        && (party.mode() == Mode.NONE
            || (party.mode() == Mode.NETWORKS && party.attachments().isEmpty()));
  }

  private static Finding alone(Party party, Verdict verdict) {
    return Finding.failed(
        Topic.MODE,
        verdict,
        party.mode() == Mode.NONE
            ? party.name() + " has no network (--network none)"
            : party.name() + " is on no network",
        party.mode() == Mode.NONE
            ? "Make it anew with --network and the name of a network."
            : "Connect it: docker network connect NETWORK " + party.name());
  }

  private static Finding onHost(Situation situation) {
    Party to = situation.to();
    String text =
        to.name()
            + " uses the host's network: it has no address and no name of its own, and its ports"
            + " are the host's";
    boolean byName = situation.from().isContainer() && situation.names().needed();
    return byName
        ? Finding.failed(
            Topic.MODE,
            Verdict.ON_HOST_NETWORK,
            text,
            "Connect to the host instead: run the client with --add-host"
                + " host.docker.internal:host-gateway and use that name"
                + Aim.of(situation)
                    .map(aim -> ", or " + Texts.of(aim.address()) + " right away")
                    .orElse("")
                + ".")
        : Finding.note(Topic.MODE, text, "");
  }
}
