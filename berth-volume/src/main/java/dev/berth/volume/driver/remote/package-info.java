/** Volume plugins outside the engine, by Docker's plugin protocol. */
@NullMarked
package dev.berth.volume.driver.remote;

import org.jspecify.annotations.NullMarked;
