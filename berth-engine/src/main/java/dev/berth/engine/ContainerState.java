package dev.berth.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a container is in its life. Exactly one of these holds; Docker's overlapping booleans are
 * derived from it where JSON is made.
 */
public sealed interface ContainerState {

  /**
   * Never ran, or its start failed before a process existed.
   *
   * @param failure what the last start failed with, or null
   */
  record Created(@Nullable StartFailure failure) implements ContainerState {}

  /**
   * Runs.
   *
   * @param pid of its first process
   * @param startedAt when it began
   */
  record Running(int pid, Instant startedAt) implements ContainerState {}

  /**
   * Runs and is frozen.
   *
   * @param pid of its first process
   * @param startedAt when it began
   */
  record Paused(int pid, Instant startedAt) implements ContainerState {}

  /**
   * Ended and waits for its next start by the restart policy.
   *
   * @param last the run that ended
   */
  record Restarting(Ending last) implements ContainerState {}

  /**
   * Ended.
   *
   * @param last the run that ended
   * @param failure what a later start failed with, or null
   */
  record Exited(Ending last, @Nullable StartFailure failure) implements ContainerState {}

  /**
   * Is being removed.
   *
   * @param last the last run, or null when it never ran
   */
  record Removing(@Nullable Ending last) implements ContainerState {}

  /**
   * Its removal failed half-way; only removing it again is possible.
   *
   * @param last the last run, or null when it never ran
   * @param reason why it could not be removed
   */
  record Dead(@Nullable Ending last, String reason) implements ContainerState {}

  /**
   * A run that ended.
   *
   * @param exitCode 128 and the signal's number when a signal ended it
   * @param oomKilled whether the kernel ended it for lack of memory
   * @param startedAt when it began
   * @param finishedAt when it ended
   */
  record Ending(int exitCode, boolean oomKilled, Instant startedAt, Instant finishedAt) {}

  /**
   * A start that failed.
   *
   * @param exitCode Docker's 126, 127 or 128
   * @param message what the client was told
   */
  record StartFailure(int exitCode, String message) {}

  /** Whether a process exists. */
  static boolean hasProcess(ContainerState state) {
    return state instanceof Running || state instanceof Paused;
  }

  /** Docker's word for it, which filters and inspect use. */
  static String word(ContainerState state) {
    return switch (state) {
      case Created created -> "created";
      case Running running -> "running";
      case Paused paused -> "paused";
      case Restarting restarting -> "restarting";
      case Exited exited -> "exited";
      case Removing removing -> "removing";
      case Dead dead -> "dead";
    };
  }
}
