package dev.berth.network.explain;

import dev.berth.network.explain.Finding.Topic;
import java.util.Optional;

/** Whether both ends run. */
final class RunningStep implements Step {
  @Override
  public Optional<Finding> look(Situation situation, Journey journey) {
    Party from = situation.from();
    Party to = situation.to();
    if (!from.isContainer() && !to.isContainer()) {
      return Optional.empty();
    }
    if (!from.life().running()) {
      return Optional.of(
          Finding.failed(
              Topic.RUNNING,
              Verdict.SOURCE_NOT_RUNNING,
              from.name() + " does not run: it is " + from.life().word() + because(from),
              "Start it: docker start " + from.name()));
    }
    if (!to.life().running()) {
      return Optional.of(stopped(to));
    }
    if (to.life().paused()) {
      return Optional.of(
          Finding.failed(
              Topic.RUNNING,
              Verdict.PAUSED,
              to.name() + " is paused: connections may be taken, but nothing answers them",
              "Let it go on: docker unpause " + to.name()));
    }
    String text = from.isContainer() && to.isContainer() ? "both run" : "it runs";
    return Optional.of(
        from.life().paused()
            ? Finding.note(
                Topic.RUNNING,
                from.name() + " is paused: it connects to nothing until it goes on",
                "Let it go on: docker unpause " + from.name())
            : Finding.ok(Topic.RUNNING, text));
  }

  private static Finding stopped(Party to) {
    String failure = to.life().failure();
    boolean taken =
        failure.contains("port is already allocated") || failure.contains("address already in use");
    return taken
        ? Finding.failed(
            Topic.RUNNING,
            Verdict.PORT_CONFLICT,
            to.name() + " did not start, as a port of the host is taken: " + failure,
            "Publish another port of the host, or stop what has it (bin/berth ps shows containers,"
                + " ss -ltnp everything).")
        : Finding.failed(
            Topic.RUNNING,
            Verdict.NOT_RUNNING,
            to.name() + " does not run: it is " + to.life().word() + because(to),
            "Start it: docker start "
                + to.name()
                + "; docker logs "
                + to.name()
                + " tells why it ended.");
  }

  private static String because(Party party) {
    return party.life().failure().isEmpty() ? "" : " (" + party.life().failure() + ")";
  }
}
