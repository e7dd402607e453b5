/** Programs beside the engine that speak Docker's plugin protocol: found, greeted and called. */
@NullMarked
package dev.berth.plugin;

import org.jspecify.annotations.NullMarked;
