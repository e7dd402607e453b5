/** Root filesystems that are whole trees of their own, as vfs and btrfs keep them. */
@NullMarked
package dev.berth.image.driver.whole;

import org.jspecify.annotations.NullMarked;
