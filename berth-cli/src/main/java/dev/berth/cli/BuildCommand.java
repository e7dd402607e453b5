package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Builds an image from a Dockerfile. */
@Command(
    name = "build",
    customSynopsis = "[OPTIONS] PATH | URL | -",
    description = "Build an image from a Dockerfile.")
final class BuildCommand extends Base {
  private static final String GIVEN_BY_STDIN = ".dockerfile.stdin";

  @Mixin BuildOptions options = new BuildOptions();

  @Option(
      names = {"-f", "--file"},
      description = "Dockerfile (default PATH/Dockerfile)")
  @Nullable String file;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only the id of the image")
  boolean quiet;

  @Option(names = "--iidfile", description = "Write the id of the image to this file")
  @Nullable String idFile;

  @Parameters(index = "0", paramLabel = "PATH | URL | -")
  String context = "";

  private String imageId = "";

  @Override
  public Integer call() throws IOException {
    Query query = options.query().with("q", quiet);
    if (context.matches("(https?|git)://.*|git@.*|github\\.com/.*")) {
      send(query.with("remote", context).with("dockerfile", file), InputStream.nullInputStream());
    } else if (context.equals("-")) {
      fromInput(query);
    } else {
      fromFolder(query, Path.of(context));
    }
    if (idFile != null) {
      Files.writeString(Path.of(idFile), imageId);
    }
    if (quiet) {
      out().println(imageId);
    }
    return 0;
  }

  /** Standard input is an archive, or else a Dockerfile that needs no files. */
  private void fromInput(Query query) throws IOException {
    byte[] start = in().readNBytes(TarWriter.BLOCK);
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), in());
    if (isArchive(start)) {
      send(query.with("dockerfile", file), whole);
      return;
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(packed)) {
      tar.add("Dockerfile", whole.readAllBytes());
    }
    send(query, new ByteArrayInputStream(packed.toByteArray()));
  }

  private static boolean isArchive(byte[] start) {
    boolean tar =
        start.length > 262
            && new String(start, 257, 5, StandardCharsets.US_ASCII).equals("ustar");
    boolean packed =
        start.length > 3
            && ((start[0] == 0x1f && (start[1] & 0xff) == 0x8b)
                || (start[0] == 'B' && start[1] == 'Z' && start[2] == 'h')
                || ((start[0] & 0xff) == 0xfd && start[1] == '7'));
    return tar || packed;
  }

  private void fromFolder(Query query, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new CliException(
          1, "unable to prepare context: path \"" + context + "\" not found");
    }
    boolean fromInput = "-".equals(file);
    Path dockerfile = file == null || fromInput ? folder.resolve("Dockerfile") : Path.of(file);
    if (!fromInput && !Files.isRegularFile(dockerfile)) {
      throw new CliException(
          1,
          "unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat "
              + dockerfile.toAbsolutePath().normalize()
              + ": no such file or directory");
    }
    Path root = folder.toRealPath();
    Path real = fromInput ? dockerfile : dockerfile.toRealPath();
    boolean inside = !fromInput && real.startsWith(root);
    String name = inside ? root.relativize(real).toString() : GIVEN_BY_STDIN;
    Path packed = Files.createTempFile("berth-build", ".tar");
    try {
      try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(packed));
          TarWriter tar = new TarWriter(out)) {
        pack(root, tar, IgnoreFile.of(root, real), inside ? name : "");
        if (!inside) {
          tar.add(name, fromInput ? in().readAllBytes() : Files.readAllBytes(real));
        }
      }
      if (!quiet) {
        out()
            .println(
                "Sending build context to Docker daemon  "
                    + Units.decimal((double) Files.size(packed)));
      }
      try (InputStream content = Files.newInputStream(packed)) {
        send(query.with("dockerfile", name), content);
      }
    } finally {
      Files.deleteIfExists(packed);
    }
  }

  /** The Dockerfile and the rules themselves always go along, since the engine reads them. */
  private static void pack(Path root, TarWriter tar, IgnoreFile rules, String dockerfile)
      throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes facts)
              throws IOException {
            String name = root.relativize(folder).toString();
            if (name.isEmpty()) {
              return FileVisitResult.CONTINUE;
            }
            if (!rules.excludes(name)) {
              tar.add(name, folder, false);
              return FileVisitResult.CONTINUE;
            }
            return rules.hasExceptions() || dockerfile.startsWith(name + "/")
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path one, BasicFileAttributes facts)
              throws IOException {
            String name = root.relativize(one).toString();
            if (!rules.excludes(name)
                || name.equals(dockerfile)
                || name.equals(".dockerignore")) {
              tar.add(name, one, false);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void send(Query query, InputStream content) throws IOException {
    String registries =
        Base64.getUrlEncoder()
            .encodeToString(
                Credentials.ofUser().all().toString().getBytes(StandardCharsets.UTF_8));
    Map<String, String> headers = Map.of("X-Registry-Config", registries);
    try (HttpExchange exchange = engine().upload("POST", "/build" + query, content, headers)) {
      ProgressMessages.read(exchange.body(), this::show);
    }
  }

  private void show(JsonNode message) {
    String id = message.path("aux").path("ID").asText();
    if (!id.isEmpty()) {
      imageId = id;
    }
    String text = message.path("stream").asText();
    if (quiet && text.strip().startsWith("sha256:")) {
      imageId = text.strip();
    }
    if (!quiet) {
      String status = message.path("status").asText();
      out().print(status.isEmpty() ? text : status + "\n");
      out().flush();
    }
  }
}
