package dev.berth.core;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The inverses of the steps taken so far. Each applied step pushes its inverse; {@link #commit()}
 * forgets them; closing without a commit runs them, last pushed first. A failing inverse does not
 * stop the others: it is added to the failure as suppressed, or logged when there is none.
 *
 * <pre>{@code
 * try (UndoStack undo = new UndoStack("create network " + id)) {
 *   bridges.create(plan.bridge());
 *   undo.push("delete bridge", () -> bridges.delete(plan.bridge()));
 *   store.update(tx -> tx.put(NETWORKS, id, networkRecord));
 *   undo.commit();
 * }
 * }</pre>
 *
 * Not safe for use by several threads.
 */
public final class UndoStack implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(UndoStack.class.getName());

  private record Step(String description, Runnable inverse) {}

  private final String operation;
  private final Deque<Step> steps = new ArrayDeque<>();

  /**
   * @param operation names the whole operation in the log when an inverse fails
   */
  public UndoStack(String operation) {
    this.operation = operation;
  }

  /** Remembers how to take back the step that was just applied; the inverse must be idempotent. */
  public void push(String description, Runnable inverse) {
    steps.push(new Step(description, inverse));
  }

  /** The operation is complete: nothing is taken back any more. */
  public void commit() {
    steps.clear();
  }

  /** Takes back whatever was applied and not committed; never throws. */
  @Override
  public void close() {
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.inverse().run();
      } catch (RuntimeException failure) {
        LOG.log(
            System.Logger.Level.WARNING,
            "unwinding \"" + operation + "\": step \"" + step.description() + "\" failed",
            failure);
      }
    }
  }
}
