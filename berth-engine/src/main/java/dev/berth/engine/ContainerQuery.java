package dev.berth.engine;

/**
 * Which containers a list holds.
 *
 * @param all also those that do not run
 * @param limit at most so many of the newest, whatever their state; zero or less for no limit
 * @param size whether to measure what they take on the disk
 * @param filters Docker's ps filters
 */
public record ContainerQuery(boolean all, int limit, boolean size, Filters filters) {}
