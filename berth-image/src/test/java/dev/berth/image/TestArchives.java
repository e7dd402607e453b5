package dev.berth.image;

import dev.berth.archive.TarEntry;
import dev.berth.archive.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Archives made by hand: trees, layers and whole images. */
public final class TestArchives {
  public static final Instant TIME = Instant.parse("2024-05-06T07:08:09Z");

  private TestArchives() {}

  /** Writes members into a tar archive. */
  @FunctionalInterface
  public interface Members {
    void writeTo(TarWriter tar) throws IOException;
  }

  public static byte[] tar(Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(bytes)) {
      members.writeTo(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A layer with one file. */
  public static byte[] layer(String path, String content) {
    return tar(tar -> tar.file(path, bytes(content), TIME));
  }

  public static TarEntry entry(TarEntry.Kind kind, String name, String link) {
    return new TarEntry(kind, name, link, 0755, 0, 0, 0, TIME, 0, 0, Map.of(), List.of());
  }

  public static String configuration(List<byte[]> layers, String config) {
    List<String> diffIds = new ArrayList<>();
    layers.forEach(layer -> diffIds.add("\"" + Digest.of(layer) + "\""));
    return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"created\":\"2024-01-02T03:04:05Z\","
        + "\"config\":"
        + config
        + ",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
        + String.join(",", diffIds)
        + "]},\"history\":[{\"created\":\"2024-01-02T03:04:05Z\",\"created_by\":\"made by hand\"}]}";
  }

  /** A docker-archive of one image. */
  public static byte[] dockerArchive(String name, String configuration, List<byte[]> layers) {
    return tar(tar -> {
      String id = Digest.of(bytes(configuration)).hex();
      List<String> paths = new ArrayList<>();
      for (byte[] layer : layers) {
        String path = Digest.of(layer).hex() + "/layer.tar";
        tar.file(path, layer, TIME);
        paths.add("\"" + path + "\"");
      }
      tar.file(id + ".json", bytes(configuration), TIME);
      tar.file(
          "manifest.json",
          bytes(
              "[{\"Config\":\""
                  + id
                  + ".json\",\"RepoTags\":"
                  + (name.isEmpty() ? "null" : "[\"" + name + "\"]")
                  + ",\"Layers\":["
                  + String.join(",", paths)
                  + "]}]"),
          TIME);
    });
  }

  public static byte[] dockerArchive(String name, byte[]... layers) {
    return dockerArchive(name, configuration(List.of(layers), "{}"), List.of(layers));
  }
}
