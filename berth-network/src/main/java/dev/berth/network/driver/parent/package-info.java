/** What networks on a parent interface of the host have in common. */
@NullMarked
package dev.berth.network.driver.parent;

import org.jspecify.annotations.NullMarked;
