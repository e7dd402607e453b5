/** Black-box tests with real clients. */
@NullMarked
package dev.berth.it;

import org.jspecify.annotations.NullMarked;
