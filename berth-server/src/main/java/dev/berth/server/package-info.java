/** The Engine API over unix and TCP sockets: routes, versions, streams, error mapping. */
@NullMarked
package dev.berth.server;

import org.jspecify.annotations.NullMarked;
