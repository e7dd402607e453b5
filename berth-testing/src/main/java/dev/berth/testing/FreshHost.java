package dev.berth.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs each test method, with its before-each and after-each methods, on a platform thread of its
 * own that has fresh network, mount, UTS and IPC namespaces: the loopback is up, mounts are
 * private, nothing that the test does reaches the machine. Needs root; is skipped without.
 *
 * <p>Inside, start programs with {@link HostCommand} or berth-linux and not with ProcessBuilder,
 * and start no virtual threads: the JDK would keep helper threads that live in the test's
 * namespaces.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("kernel")
@ExtendWith(FreshHostExtension.class)
public @interface FreshHost {}
