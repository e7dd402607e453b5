package dev.berth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchivesTest {
  @TempDir Path folder;

  @Test
  void whatIsPackedComesOutAgain() throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    String longName = "n".repeat(120) + "ü";
    Files.writeString(source.resolve(longName), "content");
    Files.createSymbolicLink(source.resolve("link"), Path.of(longName));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(packed)) {
      tar.add("root", source, false);
      tar.add("root/" + longName, source.resolve(longName), false);
      tar.add("root/link", source.resolve("link"), false);
    }
    Path target = folder.resolve("target");
    long bytes =
        new TarUnpacker(target, false).unpack(new ByteArrayInputStream(packed.toByteArray()));
    assertThat(bytes).isEqualTo("content".length());
    assertThat(Files.readString(target.resolve(longName))).isEqualTo("content");
    assertThat(Files.readSymbolicLink(target.resolve("link"))).isEqualTo(Path.of(longName));
  }

  @Test
  void nothingIsWrittenOutsideOrThroughLinks() throws IOException {
    assertThatThrownBy(() -> unpack(archiveOf("root/../../evil")))
        .hasMessageContaining("outside of what was asked");
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Path target = Files.createDirectory(folder.resolve("in"));
    Files.createSymbolicLink(target.resolve("way"), outside);
    assertThatThrownBy(
            () ->
                new TarUnpacker(target, false)
                    .unpack(new ByteArrayInputStream(archiveOf("root/way/evil"))))
        .hasMessageContaining("behind a link");
    assertThat(outside).isEmptyDirectory();
  }

  private void unpack(byte[] archive) throws IOException {
    new TarUnpacker(folder.resolve("t"), false).unpack(new ByteArrayInputStream(archive));
  }

  private static byte[] archiveOf(String name) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(packed)) {
      tar.add(name, "x".getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "*.log, a.log, true",
    "*.log, sub/a.log, false",
    "**/*.log, sub/deep/a.log, true",
    "**/*.log, a.log, true",
    "node_modules, node_modules/x/y, true",
    "/build/, build/out, true",
    "file?, file1, true",
    "file[0-3], file2, true",
    "file[0-3], file7, false",
    "a.b, axb, false"
  })
  void leavesOutWhatPatternsName(String pattern, String path, boolean excluded) {
    assertThat(new IgnoreFile(List.of("# a comment", pattern)).excludes(path)).isEqualTo(excluded);
  }

  @Test
  void theLastPatternThatFitsDecides() {
    IgnoreFile rules = new IgnoreFile(List.of("*", "!src", "src/secret"));
    assertThat(rules.excludes("README")).isTrue();
    assertThat(rules.excludes("src/Main.java")).isFalse();
    assertThat(rules.excludes("src/secret")).isTrue();
    assertThat(rules.hasExceptions()).isTrue();
  }
}
