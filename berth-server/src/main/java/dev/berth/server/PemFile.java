package dev.berth.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of a PEM file; text around them is passed over.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>
 */
final class PemFile {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final int LIMIT_BYTES = 4 * 1024 * 1024;

  private PemFile() {}

  /**
   * One block.
   *
   * @param label what it holds, such as {@code CERTIFICATE}
   * @param encrypted whether only a password opens it
   * @param content decoded; empty when it is encrypted in the old way, with headers
   */
  record Block(String label, boolean encrypted, byte[] content) {}

  /**
   * All blocks in their order.
   *
   * @throws IOException in the words of Go, with the file's name, when it cannot be read
   */
  static List<Block> read(Path file) throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text(file));
    while (matcher.find()) {
      blocks.add(block(file, matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  private static Block block(Path file, String label, String text) throws IOException {
    if (text.contains("ENCRYPTED")) {
      return new Block(label, true, new byte[0]);
    }
    try {
      boolean encrypted = label.startsWith("ENCRYPTED");
      return new Block(
          label, encrypted, Base64.getMimeDecoder().decode(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException malformed) {
      throw new IOException(file + ": the block " + label + " is not base64", malformed);
    }
  }

  private static String text(Path file) throws IOException {
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("read " + file + ": is a directory");
      }
      if (Files.size(file) > LIMIT_BYTES) {
        throw new IOException("read " + file + ": too large for a PEM file");
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException absent) {
      throw new IOException("open " + file + ": no such file or directory", absent);
    } catch (AccessDeniedException denied) {
      throw new IOException("open " + file + ": permission denied", denied);
    }
  }
}
