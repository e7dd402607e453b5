package dev.berth.runtime;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a log.
 *
 * @param stdout whether lines of standard output
 * @param stderr whether lines of standard error
 * @param tail only so many of the last lines; -1 for all
 * @param since only lines from this time on
 * @param until only lines up to this time
 * @param follow whether to wait for more
 */
public record LogQuery(
    boolean stdout,
    boolean stderr,
    long tail,
    @Nullable Instant since,
    @Nullable Instant until,
    boolean follow) {
  /** Everything that is there. */
  public static final LogQuery ALL = new LogQuery(true, true, -1, null, null, false);
}
