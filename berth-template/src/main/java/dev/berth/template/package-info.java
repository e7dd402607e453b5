/**
 * Go's text/template language with Docker's functions: parsed into a tree, executed on values that
 * behave as Go's do.
 *
 * @see <a href="https://pkg.go.dev/text/template">The language</a>
 */
@NullMarked
package dev.berth.template;

import org.jspecify.annotations.NullMarked;
