package dev.berth.runtime;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/** The log of one container: the newest file and those that rotation set aside. */
public final class ContainerLog {
  private final Path newest;

  /**
   * @param newest path of the newest file, as in {@link IoSpec.LogTarget.File}
   */
  public ContainerLog(Path newest) {
    this.newest = newest;
  }

  /**
   * Opens a reader.
   *
   * @param query which lines
   * @param ended completes when no more lines can come; following ends then
   */
  public LogReader read(LogQuery query, CompletionStage<?> ended) {
    throw new UnsupportedOperationException("reads " + newest);
  }

  /** Removes all its files. */
  public void remove() {
    throw new UnsupportedOperationException("removes " + newest);
  }
}
