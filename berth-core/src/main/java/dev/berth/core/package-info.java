/** Words that every feature shares: errors, ids, the undo stack, events. */
@NullMarked
package dev.berth.core;

import org.jspecify.annotations.NullMarked;
