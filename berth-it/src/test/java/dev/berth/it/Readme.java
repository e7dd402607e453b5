package dev.berth.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** The README's examples, so that tests try what stands there word for word. */
final class Readme {
  private Readme() {}

  /** The first block of code in this language. */
  static String block(String language) {
    try {
      String text = Files.readString(EngineUnderTest.checkout().resolve("README.md"));
      String fence = "```" + language + "\n";
      int start = text.indexOf(fence);
      int end = text.indexOf("```", start + fence.length());
      if (start < 0 || end < 0) {
        throw new AssertionError("the README has no block of " + language);
      }
      return text.substring(start + fence.length(), end);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
