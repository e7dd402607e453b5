/** Layers copied into a whole tree for each container. */
@NullMarked
package dev.berth.image.driver.vfs;

import org.jspecify.annotations.NullMarked;
