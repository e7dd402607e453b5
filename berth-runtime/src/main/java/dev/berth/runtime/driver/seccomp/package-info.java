/** From a seccomp profile in Docker's format to the program that the kernel runs. */
@NullMarked
package dev.berth.runtime.driver.seccomp;

import org.jspecify.annotations.NullMarked;
