package dev.berth.volume;

/** Is told how a long operation on a volume goes; what it throws ends the operation. */
@FunctionalInterface
public interface VolumeProgress {
  /** Wants to know nothing. */
  VolumeProgress NONE = (step, doneBytes, totalBytes) -> {};

  /**
   * How far it is.
   *
   * @param step what is being done, for a person
   * @param doneBytes of content, of this step
   * @param totalBytes 0 where that is not known
   */
  void report(String step, long doneBytes, long totalBytes);
}
