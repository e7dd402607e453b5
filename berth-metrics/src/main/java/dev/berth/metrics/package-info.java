/** Figures of the engine and its containers in Prometheus' forms. */
@NullMarked
package dev.berth.metrics;

import org.jspecify.annotations.NullMarked;
