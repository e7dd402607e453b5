package dev.berth.runtime;

import java.time.Instant;

/**
 * How a container ended.
 *
 * @param exitCode 0 to 255; 128 and the signal's number after a signal
 * @param outOfMemory whether the kernel killed a process of it for want of memory
 * @param finishedAt when
 */
public record ContainerExit(int exitCode, boolean outOfMemory, Instant finishedAt) {}
