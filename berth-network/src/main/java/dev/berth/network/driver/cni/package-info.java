/** Networks of CNI plugins: programs that put an interface into a namespace they are shown. */
@NullMarked
package dev.berth.network.driver.cni;

import org.jspecify.annotations.NullMarked;
