package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  @Test
  @DisplayName("the README's test with Testcontainers is one that is run")
  void testcontainers() throws IOException {
    Path cases =
        EngineUnderTest.checkout()
            .resolve("berth-it/src/test/java/dev/berth/it/TestcontainersCases.java");
    assertThat(words(Files.readString(cases))).contains(words(Readme.block("java")));
  }

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
