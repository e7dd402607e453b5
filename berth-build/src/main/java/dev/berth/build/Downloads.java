package dev.berth.build;

import dev.berth.archive.TreePaths;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.core.GoQuote;
import dev.berth.image.Digest;
import dev.berth.image.ProgressSink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fetches what ADD, or a client that names a context by its address, wants. */
final class Downloads {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(2);
  private static final int BUFFER = 128 * 1024;
  private static final long PROGRESS_BYTES = 512 * 1024;
  private static final Pattern FILE_NAME = Pattern.compile("filename=\"?([^\";]+)\"?");

  private Downloads() {}

  /**
   * A file that was fetched.
   *
   * @param name that its address, or its server, gives it; empty for none
   * @param file it is in
   * @param contentType that its server tells; empty for none
   * @param sha256 of its content, in hexadecimal digits
   */
  record Download(String name, Path file, String contentType, String sha256) {}

  /** Whether a source of ADD, or a context, is an address. */
  static boolean isAddress(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  /**
   * Fetches a file.
   *
   * @param folder takes it
   * @throws EngineException of kind INVALID when it cannot be had
   */
  static Download fetch(String address, Path folder, String status, ProgressSink progress)
      throws InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address)).timeout(ANSWER_LIMIT).GET().build();
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() >= 400) {
          client.shutdownNow();
          throw EngineException.invalid(
              "failed to GET " + address + " with status " + response.statusCode());
        }
        return save(address, response, body, folder, new Watched(status, progress));
      } finally {
        client.shutdownNow();
      }
    } catch (IllegalArgumentException malformed) {
      throw EngineException.invalid("parse " + GoQuote.quote(address) + ": " + reason(malformed));
    } catch (IOException failure) {
      throw new EngineException(
          ErrorKind.INVALID, "Get " + GoQuote.quote(address) + ": " + reason(failure), failure);
    }
  }

  private record Watched(String status, ProgressSink sink) {
    void tell(long done, long total) {
      sink.send(
          new ProgressSink.Message(
              null, status, null, new ProgressSink.Progress(done, Math.max(0, total)), null));
    }
  }

  private static String reason(Exception failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static Download save(
      String address,
      HttpResponse<InputStream> response,
      InputStream body,
      Path folder,
      Watched progress)
      throws IOException {
    Path file = Files.createTempFile(folder, "download-", "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    MessageDigest digest = Digest.sha256Hash();
    long total = response.headers().firstValueAsLong("Content-Length").orElse(0);
    long done = 0;
    long told = 0;
    byte[] buffer = new byte[BUFFER];
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        out.write(buffer, 0, count);
        digest.update(buffer, 0, count);
        done += count;
        if (done - told >= PROGRESS_BYTES) {
          progress.tell(done, total);
          told = done;
        }
      }
    }
    progress.tell(done, total);
    Files.setLastModifiedTime(file, FileTime.from(modified(response)));
    return new Download(
        name(address, response),
        file,
        response.headers().firstValue("Content-Type").orElse(""),
        HexFormat.of().formatHex(digest.digest()));
  }

  private static Instant modified(HttpResponse<?> response) {
    try {
      return response
          .headers()
          .firstValue("Last-Modified")
          .map(text -> Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)))
          .orElse(Instant.EPOCH);
    } catch (DateTimeParseException unreadable) {
      return Instant.EPOCH;
    }
  }

  private static String name(String address, HttpResponse<?> response) {
    String path = URI.create(address).getPath();
    String last = path == null ? "" : TreePaths.last(path);
    if (last.isEmpty()) {
      Matcher matcher =
          FILE_NAME.matcher(response.headers().firstValue("Content-Disposition").orElse(""));
      last = matcher.find() ? TreePaths.last(matcher.group(1)) : "";
    }
    return last.equals(".") || last.equals("..") ? "" : last;
  }
}
