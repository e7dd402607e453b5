/** The directories that storage drivers keep containers' roots in. */
@NullMarked
package dev.berth.image.driver.home;

import org.jspecify.annotations.NullMarked;
