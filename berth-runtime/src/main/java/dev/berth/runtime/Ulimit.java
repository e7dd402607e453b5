package dev.berth.runtime;

/**
 * One resource limit of setrlimit(2).
 *
 * @param name as in the specification, {@code RLIMIT_NOFILE}
 * @param soft -1 for no limit
 * @param hard -1 for no limit
 */
public record Ulimit(String name, long soft, long hard) {}
