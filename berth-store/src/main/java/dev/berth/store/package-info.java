/** Transactional state: view, update, watch. */
@NullMarked
package dev.berth.store;

import org.jspecify.annotations.NullMarked;
