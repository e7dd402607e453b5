/**
 * What the tests of all modules share: fresh namespaces, descriptor-leak checks, fault injection.
 */
@NullMarked
package dev.berth.testing;

import org.jspecify.annotations.NullMarked;
