/** The name server that containers find at 127.0.0.11, and the resolv.conf that points to it. */
@NullMarked
package dev.berth.network.dns;

import org.jspecify.annotations.NullMarked;
