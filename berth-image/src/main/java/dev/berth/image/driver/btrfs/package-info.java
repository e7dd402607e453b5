/** Layers put together once in a btrfs subvolume, of which each container has a snapshot. */
@NullMarked
package dev.berth.image.driver.btrfs;

import org.jspecify.annotations.NullMarked;
