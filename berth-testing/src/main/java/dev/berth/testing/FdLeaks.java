package dev.berth.testing;

import dev.berth.linux.Fd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds descriptors that are still open at the end of a piece of work: those of {@link Fd} with the
 * stack that opened them, others by what /proc shows. Files are not looked at in /proc, because the
 * JVM opens its own when it likes.
 *
 * <pre>{@code
 * try (FdLeaks leaks = FdLeaks.watch()) {
 *   …
 * }
 * }</pre>
 */
public final class FdLeaks implements AutoCloseable {
  private final Map<String, String> before;

  private FdLeaks(Map<String, String> before) {
    this.before = before;
  }

  /** Begins to watch; for one piece of work at a time in the whole JVM. */
  public static FdLeaks watch() {
    Fd.trackLeaks(true);
    return new FdLeaks(open());
  }

  /** Fails when something is open that was not open before. */
  @Override
  public void close() {
    List<Throwable> stacks = Fd.openStacks();
    Fd.trackLeaks(false);
    if (!stacks.isEmpty()) {
      AssertionError error = new AssertionError(stacks.size() + " descriptors left open");
      stacks.forEach(error::addSuppressed);
      throw error;
    }
    Map<String, String> after = open();
    after.entrySet().removeAll(before.entrySet());
    if (!after.isEmpty()) {
      throw new AssertionError("descriptors left open: " + after);
    }
  }

  private static Map<String, String> open() {
    Map<String, String> links = new TreeMap<>();
    try (DirectoryStream<Path> numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path number : numbers) {
        String target = target(number);
        if (!target.isEmpty() && !target.startsWith("/")) {
          links.put(number.getFileName().toString(), target);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return links;
  }

  /** Empty for one that was closed meanwhile, such as that of the listing itself. */
  private static String target(Path number) {
    try {
      return Files.readSymbolicLink(number).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
