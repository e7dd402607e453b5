/** Volumes, mount points and their drivers. */
@NullMarked
package dev.berth.volume;

import org.jspecify.annotations.NullMarked;
