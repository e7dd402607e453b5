package dev.berth.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Archives made by hand. */
final class HandMade {
  static final Instant TIME = Instant.parse("2024-05-06T07:08:09Z");

  private HandMade() {}

  /** Writes members into a tar archive. */
  @FunctionalInterface
  interface Members {
    void writeTo(TarWriter tar) throws IOException;
  }

  static byte[] tar(Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      members.writeTo(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static TarEntry entry(TarEntry.Kind kind, String name, String link) {
    return new TarEntry(kind, name, link, 0755, 0, 0, 0, TIME, 0, 0, Map.of(), List.of());
  }
}
