/** The monitor process of each container: conmon 2.1. */
@NullMarked
package dev.berth.runtime.driver.conmon;

import org.jspecify.annotations.NullMarked;
