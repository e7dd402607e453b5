/** bin/berthd: configuration, wiring, start and stop. */
@NullMarked
package dev.berth.daemon;

import org.jspecify.annotations.NullMarked;
