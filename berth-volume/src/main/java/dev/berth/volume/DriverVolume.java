package dev.berth.volume;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A volume as its driver tells of it.
 *
 * @param name its name
 * @param mountpoint where its data is on the host; empty while that is not known
 * @param created when, if the driver knows
 * @param details a JSON object with whatever the driver tells; null for none
 */
public record DriverVolume(
    String name, String mountpoint, @Nullable Instant created, @Nullable String details) {}
