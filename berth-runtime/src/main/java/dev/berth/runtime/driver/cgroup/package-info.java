/** The control groups of containers, in both versions. */
@NullMarked
package dev.berth.runtime.driver.cgroup;

import org.jspecify.annotations.NullMarked;
