/** Registries of the OCI distribution protocol: authentication, manifests, blobs. */
@NullMarked
package dev.berth.image.registry;

import org.jspecify.annotations.NullMarked;
