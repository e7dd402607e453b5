package dev.berth.volume;

/** Is told how far a copy is; may be asked often, and what it throws ends the copy. */
@FunctionalInterface
public interface CopyObserver {
  /**
   * So many further bytes are done.
   *
   * @param bytes of content
   */
  void copied(long bytes);
}
