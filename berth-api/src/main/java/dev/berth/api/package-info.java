/** Records of the JSON of the Engine API. */
@NullMarked
package dev.berth.api;

import org.jspecify.annotations.NullMarked;
