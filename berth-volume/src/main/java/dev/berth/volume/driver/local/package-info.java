/** Volumes in a folder of this host, optionally with a file system mounted on them. */
@NullMarked
package dev.berth.volume.driver.local;

import org.jspecify.annotations.NullMarked;
