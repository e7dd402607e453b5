/** Containers by an OCI runtime program: crun, or runc. */
@NullMarked
package dev.berth.runtime.driver.crun;

import org.jspecify.annotations.NullMarked;
