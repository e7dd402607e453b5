package dev.berth.engine;

import org.jspecify.annotations.Nullable;

/**
 * A change of limits; what is zero, empty or null in it stays as it was.
 *
 * @param resources new limits
 * @param restart a new policy, or null
 */
public record ContainerUpdate(Resources resources, @Nullable RestartPolicy restart) {}
