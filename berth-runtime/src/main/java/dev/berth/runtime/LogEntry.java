package dev.berth.runtime;

import java.time.Instant;

/**
 * A line of a container's log.
 *
 * @param time when the monitor read it
 * @param stream where it was written to
 * @param line its bytes, with the newline unless the container wrote none
 */
@SuppressWarnings("ArrayRecordComponent") // bytes as they were written: decoding is the client's
public record LogEntry(Instant time, StreamSink.Stream stream, byte[] line) {}
