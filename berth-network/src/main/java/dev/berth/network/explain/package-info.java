/** Says whether one place of the network can reach another, and why not. */
@NullMarked
package dev.berth.network.explain;

import org.jspecify.annotations.NullMarked;
