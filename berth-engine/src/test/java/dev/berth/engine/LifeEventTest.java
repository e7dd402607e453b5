package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.berth.engine.ContainerState.Created;
import dev.berth.engine.ContainerState.Dead;
import dev.berth.engine.ContainerState.Ending;
import dev.berth.engine.ContainerState.Exited;
import dev.berth.engine.ContainerState.Paused;
import dev.berth.engine.ContainerState.Removing;
import dev.berth.engine.ContainerState.Restarting;
import dev.berth.engine.ContainerState.Running;
import dev.berth.engine.ContainerState.StartFailure;
import dev.berth.engine.LifeEvent.Ended;
import dev.berth.engine.LifeEvent.EndedToRestart;
import dev.berth.engine.LifeEvent.Froze;
import dev.berth.engine.LifeEvent.RemovalBegan;
import dev.berth.engine.LifeEvent.RemovalFailed;
import dev.berth.engine.LifeEvent.RestartCancelled;
import dev.berth.engine.LifeEvent.StartFailed;
import dev.berth.engine.LifeEvent.Started;
import dev.berth.engine.LifeEvent.Thawed;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The whole table of states and events. */
class LifeEventTest {
  private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
  private static final Ending LAST = new Ending(3, false, THEN, THEN.plusSeconds(1));
  private static final Ending NOW = new Ending(0, true, THEN, THEN.plusSeconds(9));
  private static final StartFailure FAILURE = new StartFailure(127, "no such file");

  private static final Created CREATED = new Created(null);
  private static final Running RUNNING = new Running(7, THEN);
  private static final Paused PAUSED = new Paused(7, THEN);
  private static final Restarting RESTARTING = new Restarting(LAST);
  private static final Exited EXITED = new Exited(LAST, null);
  private static final Removing REMOVING = new Removing(LAST);
  private static final Dead DEAD = new Dead(LAST, "busy");
  private static final List<ContainerState> STATES =
      List.of(CREATED, RUNNING, PAUSED, RESTARTING, EXITED, REMOVING, DEAD);

  private static final Started STARTED = new Started(8, THEN.plusSeconds(2));
  private static final StartFailed START_FAILED = new StartFailed(FAILURE);
  private static final Froze FROZE = new Froze();
  private static final Thawed THAWED = new Thawed();
  private static final Ended ENDED = new Ended(NOW);
  private static final EndedToRestart ENDED_TO_RESTART = new EndedToRestart(NOW);
  private static final RestartCancelled CANCELLED = new RestartCancelled();
  private static final RemovalBegan REMOVAL_BEGAN = new RemovalBegan();
  private static final RemovalFailed REMOVAL_FAILED = new RemovalFailed("busy");
  private static final List<LifeEvent> EVENTS =
      List.of(
          STARTED,
          START_FAILED,
          FROZE,
          THAWED,
          ENDED,
          ENDED_TO_RESTART,
          CANCELLED,
          REMOVAL_BEGAN,
          REMOVAL_FAILED);

  private record Step(ContainerState state, LifeEvent event) {}

  private static Map<Step, ContainerState> table() {
    Running started = new Running(8, THEN.plusSeconds(2));
    Map<Step, ContainerState> table = new HashMap<>();
    table.put(new Step(CREATED, STARTED), started);
    table.put(new Step(CREATED, START_FAILED), new Created(FAILURE));
    table.put(new Step(CREATED, REMOVAL_BEGAN), new Removing(null));
    table.put(new Step(RUNNING, FROZE), PAUSED);
    table.put(new Step(RUNNING, ENDED), new Exited(NOW, null));
    table.put(new Step(RUNNING, ENDED_TO_RESTART), new Restarting(NOW));
    table.put(new Step(PAUSED, THAWED), RUNNING);
    table.put(new Step(PAUSED, ENDED), new Exited(NOW, null));
    table.put(new Step(PAUSED, ENDED_TO_RESTART), new Restarting(NOW));
    table.put(new Step(RESTARTING, STARTED), started);
    table.put(new Step(RESTARTING, START_FAILED), new Exited(LAST, FAILURE));
    table.put(new Step(RESTARTING, CANCELLED), EXITED);
    table.put(new Step(RESTARTING, REMOVAL_BEGAN), REMOVING);
    table.put(new Step(EXITED, STARTED), started);
    table.put(new Step(EXITED, START_FAILED), new Exited(LAST, FAILURE));
    table.put(new Step(EXITED, REMOVAL_BEGAN), REMOVING);
    table.put(new Step(REMOVING, REMOVAL_BEGAN), REMOVING);
    table.put(new Step(REMOVING, REMOVAL_FAILED), DEAD);
    table.put(new Step(DEAD, REMOVAL_BEGAN), REMOVING);
    return table;
  }

  @Test
  void eachStateMeetsEachEvent() {
    Map<Step, ContainerState> table = table();
    for (ContainerState state : STATES) {
      for (LifeEvent event : EVENTS) {
        ContainerState expected = table.get(new Step(state, event));
        if (expected == null) {
          assertThatIllegalStateException()
              .as("%s and %s", state, event)
              .isThrownBy(() -> LifeEvent.next(state, event));
        } else {
          assertThat(LifeEvent.next(state, event))
              .as("%s and %s", state, event)
              .isEqualTo(expected);
        }
      }
    }
  }
}
