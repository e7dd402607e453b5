/** Joins the features: container life, exec, logs, health, events. */
@NullMarked
package dev.berth.engine;

import org.jspecify.annotations.NullMarked;
