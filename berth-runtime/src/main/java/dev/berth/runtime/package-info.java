/** OCI specification, crun and conmon, cgroups, seccomp, container logs. */
@NullMarked
package dev.berth.runtime;

import org.jspecify.annotations.NullMarked;
