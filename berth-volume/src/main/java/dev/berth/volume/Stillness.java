package dev.berth.volume;

/**
 * How much a volume's users may do while its content is taken.
 *
 * @param consistency the user's choice
 * @param users holds the containers still that run with the volume
 */
public record Stillness(Consistency consistency, Users users) {
  /** Everybody goes on; what is taken may be of different moments. */
  public static final Stillness NONE = new Stillness(Consistency.NONE, volume -> () -> {});

  /** What is done so that the content is of one moment. */
  public enum Consistency {
    /** Nothing. */
    NONE,
    /** The containers that run with the volume are paused. */
    PAUSE,
    /** The volume's own file system is frozen. */
    FREEZE
  }

  /** Holds containers still. */
  @FunctionalInterface
  public interface Users {
    /** Pauses those that run with the volume until the result is closed. */
    Held hold(String volume);
  }

  /** What is held still. */
  public interface Held extends AutoCloseable {
    /** Lets it go on. */
    @Override
    void close();
  }
}
