/** Layers stacked by the kernel's overlay file system. */
@NullMarked
package dev.berth.image.driver.overlay2;

import org.jspecify.annotations.NullMarked;
