/** Networks and address management of plugins outside the engine, by Docker's plugin protocol. */
@NullMarked
package dev.berth.network.driver.remote;

import org.jspecify.annotations.NullMarked;
