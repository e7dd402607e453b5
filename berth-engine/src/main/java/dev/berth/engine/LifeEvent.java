package dev.berth.engine;

import dev.berth.engine.ContainerState.Created;
import dev.berth.engine.ContainerState.Dead;
import dev.berth.engine.ContainerState.Ending;
import dev.berth.engine.ContainerState.Exited;
import dev.berth.engine.ContainerState.Paused;
import dev.berth.engine.ContainerState.Removing;
import dev.berth.engine.ContainerState.Restarting;
import dev.berth.engine.ContainerState.Running;
import dev.berth.engine.ContainerState.StartFailure;
import java.time.Instant;

/** What can happen to a container, and the one function that says what becomes of it then. */
sealed interface LifeEvent {

  /** Its process runs. */
  record Started(int pid, Instant at) implements LifeEvent {}

  /** No process came to be. */
  record StartFailed(StartFailure failure) implements LifeEvent {}

  /** It was frozen. */
  record Froze() implements LifeEvent {}

  /** It was thawed. */
  record Thawed() implements LifeEvent {}

  /** Its process ended, for good. */
  record Ended(Ending ending) implements LifeEvent {}

  /** Its process ended, and the restart policy asks for another. */
  record EndedToRestart(Ending ending) implements LifeEvent {}

  /** A user stopped it before its next start. */
  record RestartCancelled() implements LifeEvent {}

  /** Its removal began, or was taken up again. */
  record RemovalBegan() implements LifeEvent {}

  /** Its removal failed half-way. */
  record RemovalFailed(String reason) implements LifeEvent {}

  /**
   * The state after an event.
   *
   * @throws IllegalStateException when the event cannot happen in the state, which is a mistake of
   *     the engine
   */
  static ContainerState next(ContainerState state, LifeEvent event) {
    return switch (state) {
      case Created created -> afterCreated(created, event);
      case Running running -> afterRunning(running, event);
      case Paused paused -> afterPaused(paused, event);
      case Restarting restarting -> afterRestarting(restarting, event);
      case Exited exited -> afterExited(exited, event);
      case Removing removing ->
          switch (event) {
            case RemovalBegan again -> removing;
            case RemovalFailed failed -> new Dead(removing.last(), failed.reason());
            default -> throw impossible(state, event);
          };
      case Dead dead ->
          switch (event) {
            case RemovalBegan began -> new Removing(dead.last());
            default -> throw impossible(state, event);
          };
    };
  }

  private static ContainerState afterCreated(Created state, LifeEvent event) {
    return switch (event) {
      case Started started -> new Running(started.pid(), started.at());
      case StartFailed failed -> new Created(failed.failure());
      case RemovalBegan began -> new Removing(null);
      default -> throw impossible(state, event);
    };
  }

  private static ContainerState afterRunning(Running state, LifeEvent event) {
    return switch (event) {
      case Froze froze -> new Paused(state.pid(), state.startedAt());
      case Ended ended -> new Exited(ended.ending(), null);
      case EndedToRestart ended -> new Restarting(ended.ending());
      default -> throw impossible(state, event);
    };
  }

  private static ContainerState afterPaused(Paused state, LifeEvent event) {
    return switch (event) {
      case Thawed thawed -> new Running(state.pid(), state.startedAt());
      case Ended ended -> new Exited(ended.ending(), null);
      case EndedToRestart ended -> new Restarting(ended.ending());
      default -> throw impossible(state, event);
    };
  }

  private static ContainerState afterRestarting(Restarting state, LifeEvent event) {
    return switch (event) {
      case Started started -> new Running(started.pid(), started.at());
      case StartFailed failed -> new Exited(state.last(), failed.failure());
      case RestartCancelled cancelled -> new Exited(state.last(), null);
      case RemovalBegan began -> new Removing(state.last());
      default -> throw impossible(state, event);
    };
  }

  private static ContainerState afterExited(Exited state, LifeEvent event) {
    return switch (event) {
      case Started started -> new Running(started.pid(), started.at());
      case StartFailed failed -> new Exited(state.last(), failed.failure());
      case RemovalBegan began -> new Removing(state.last());
      default -> throw impossible(state, event);
    };
  }

  private static IllegalStateException impossible(ContainerState state, LifeEvent event) {
    return new IllegalStateException(
        "a container that is " + ContainerState.word(state) + " met " + event);
  }
}
