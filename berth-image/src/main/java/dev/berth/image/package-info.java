/** References, content, layers, storage drivers, archives and registries. */
@NullMarked
package dev.berth.image;

import org.jspecify.annotations.NullMarked;
