/** Tar archives, compressions, and layers packed and unpacked. */
@NullMarked
package dev.berth.archive;

import org.jspecify.annotations.NullMarked;
