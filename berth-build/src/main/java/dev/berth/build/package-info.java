/** Dockerfiles: read, planned and carried out step by step. */
@NullMarked
package dev.berth.build;

import org.jspecify.annotations.NullMarked;
