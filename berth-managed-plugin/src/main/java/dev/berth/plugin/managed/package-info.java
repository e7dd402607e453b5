/** Plugins that are installed from registries and run by the engine. */
@NullMarked
package dev.berth.plugin.managed;

import org.jspecify.annotations.NullMarked;
