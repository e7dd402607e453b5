/** Tar archives, compressions, and layers packed and unpacked. */
@NullMarked
package dev.berth.image.archive;

import org.jspecify.annotations.NullMarked;
