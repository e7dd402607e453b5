/** Networks on a kernel bridge. */
@NullMarked
package dev.berth.network.driver.bridge;

import org.jspecify.annotations.NullMarked;
