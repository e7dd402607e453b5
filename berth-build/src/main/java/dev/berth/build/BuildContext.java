package dev.berth.build;

import dev.berth.archive.ArchiveUnpacker;
import dev.berth.archive.Compression;
import dev.berth.archive.TarReader;
import dev.berth.archive.Trees;
import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import dev.berth.linux.DirectoryEntry;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The files that a client gives a build, with the Dockerfile among them. */
public final class BuildContext implements AutoCloseable {
  private static final String STANDARD = "Dockerfile";
  private static final int LARGEST = 4 << 20;
  private static final int FOLDER =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;

  private final @Nullable Fd root;
  private final String dockerfileName;
  private final String dockerfile;

  private BuildContext(@Nullable Fd root, String dockerfileName, String dockerfile) {
    this.root = root;
    this.dockerfileName = dockerfileName;
    this.dockerfile = dockerfile;
  }

  /**
   * Takes in what a client sends, or what its request names.
   *
   * @param folder takes the files
   * @param sent by the client
   * @throws EngineException of kind INVALID for what is no context, NOT_IMPLEMENTED for a git
   *     repository
   */
  public static BuildContext open(
      BuildRequest request, Path folder, InputStream sent, BuildOutput output)
      throws InterruptedException {
    String remote = request.remote();
    String name = request.dockerfile().isEmpty() ? STANDARD : request.dockerfile();
    if (remote.isEmpty()) {
      return ofArchive(folder, sent, name);
    }
    if (remote.equals("client-session")) {
      throw EngineException.invalid(
          "experimental session with v1 builder is no longer supported, use builder version v2"
              + " (BuildKit) instead");
    }
    if (isGit(remote)) {
      throw EngineException.notImplemented(
          "building from a git repository is not offered by this engine: clone "
              + remote
              + " and build from the folder");
    }
    if (!Downloads.isAddress(remote)) {
      throw EngineException.invalid("remoteURL (" + remote + ") could not be recognized as URL");
    }
    Downloads.Download fetched =
        Downloads.fetch(remote, folder, "Downloading context", output.progress());
    if (!isArchive(fetched.file())) {
      return ofText(name, text(fetched.file()));
    }
    try (InputStream file = Files.newInputStream(fetched.file())) {
      return ofArchive(folder, file, name);
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** One that has no files beside its Dockerfile. */
  static BuildContext ofText(String name, String dockerfile) {
    return new BuildContext(null, name, dockerfile);
  }

  private static boolean isGit(String remote) {
    String lower = remote.toLowerCase(Locale.ROOT);
    String path = lower.split("#", 2)[0];
    return lower.startsWith("git://")
        || lower.startsWith("git@")
        || lower.startsWith("ssh://")
        || lower.startsWith("github.com/")
        || (Downloads.isAddress(lower) && path.endsWith(".git"));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** Whether a file holds an archive, compressed or not. */
  static boolean isArchive(Path file) {
    try (InputStream content = Files.newInputStream(file);
        InputStream in = Compression.openDetected(content)) {
      return new TarReader(in).next() != null;
    } catch (IOException none) {
      return false;
    }
  }

  private static BuildContext ofArchive(Path folder, InputStream archive, String name) {
    Path files = folder.resolve("context");
    try {
      Files.createDirectory(files);
    } catch (IOException failure) {
      throw EngineException.internal("the build's folder cannot be made", failure);
    }
    Fd root = FileCalls.open(files.toString(), FOLDER);
    try {
      FileCalls.fchmod(root, 0755);
      try (InputStream plain = Compression.openDetected(archive);
          ArchiveUnpacker unpacker = ArchiveUnpacker.ofTree(root, 0)) {
        unpacker.unpack(new TarReader(plain));
      }
      String found = located(root, name);
      String dockerfile = required(root, found);
      leaveOut(root);
      return new BuildContext(root, found, dockerfile);
    } catch (IOException failure) {
      root.close();
      throw broken(failure);
    } catch (LinuxException failure) {
      root.close();
      throw new EngineException(
          ErrorKind.INVALID, "Error processing tar file: " + failure.errno().text(), failure);
    } catch (RuntimeException failure) {
      root.close();
      throw failure;
    }
  }

  private static EngineException broken(IOException failure) {
    return new EngineException(
        ErrorKind.INVALID,
        "Error processing tar file: " + String.valueOf(failure.getMessage()),
        failure);
  }

  private static String located(Fd root, String name) {
    boolean small =
        name.equals(STANDARD)
            && CopyPaths.status(root, STANDARD) == null
            && CopyPaths.status(root, "dockerfile") != null;
    return small ? "dockerfile" : name;
  }

  private static String required(Fd root, String name) {
    String text = content(root, name);
    if (text == null) {
      throw EngineException.invalid("Cannot locate specified Dockerfile: " + name);
    }
    return text;
  }

  private static @Nullable String content(Fd root, String name) {
    int flags = FileFlags.O_RDONLY | FileFlags.O_NONBLOCK;
    try (Fd path = CopyPaths.find(root, name, FileFlags.O_PATH)) {
      if (path == null || !FileCalls.statx(path).isRegular()) {
        return null;
      }
    }
    try (Fd file = CopyPaths.find(root, name, flags)) {
      return file == null
          ? null
          : new String(FileData.readAll(file, LARGEST), StandardCharsets.UTF_8);
    }
  }

  /** Removes what {@code .dockerignore} names; a client may have sent it all the same. */
  private static void leaveOut(Fd root) {
    String ignore = content(root, ".dockerignore");
    if (ignore == null) {
      return;
    }
    IgnorePatterns patterns;
    try {
      patterns = IgnorePatterns.read(ignore);
    } catch (EngineException malformed) {
      throw EngineException.invalid("error reading .dockerignore: " + malformed.text());
    }
    if (!patterns.isEmpty()) {
      leaveOut(root, "", patterns);
    }
  }

  private static void leaveOut(Fd folder, String prefix, IgnorePatterns patterns) {
    for (DirectoryEntry entry : FileCalls.list(folder)) {
      String path = prefix + entry.name();
      boolean out = patterns.leavesOut(path);
      boolean directory =
          FileCalls.statx(folder, entry.name(), FileFlags.AT_SYMLINK_NOFOLLOW).isDirectory();
      if (directory && (!out || patterns.hasExceptions())) {
        try (Fd below = FileCalls.openat(folder, entry.name(), FOLDER, 0)) {
          leaveOut(below, path + "/", patterns);
          out = out && FileCalls.list(below).isEmpty();
        }
      }
      if (out) {
        Trees.delete(folder, entry.name());
      }
    }
  }

  /** The Dockerfile's path. */
  String dockerfileName() {
    return dockerfileName;
  }

  /** Its text. */
  String dockerfile() {
    return dockerfile;
  }

  /**
   * The folder of the files.
   *
   * @throws EngineException of kind INVALID where there is only a Dockerfile
   */
  Fd root() {
    if (root == null) {
      throw EngineException.invalid("missing build context");
    }
    return root;
  }

  @Override
  public void close() {
    if (root != null) {
      root.close();
    }
  }
}
