package dev.berth.server;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/** The file of a unix socket: cleared before, protected after, removed at the end. */
final class UnixSocketFile {
  private static final System.Logger LOG = System.getLogger(UnixSocketFile.class.getName());

  private final Listener.Unix listener;

  UnixSocketFile(Listener.Unix listener) {
    this.listener = listener;
  }

  /** Makes the directory and removes a socket that nobody serves. */
  void clear() {
    Path path = listener.path();
    try {
      Path directory = path.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw EngineException.conflict("cannot listen on " + listener + ": it is not a socket");
      }
      if (answers(path)) {
        throw EngineException.conflict(
            "cannot listen on " + listener + ": another process serves it");
      }
      Files.delete(path);
    } catch (IOException failure) {
      throw EngineException.internal(
          "cannot listen on " + listener + ": " + failure.getMessage(), failure);
    }
  }

  /** Lets only the owner and the group connect. */
  void protect() {
    Path path = listener.path();
    try {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
      if (!listener.group().name().isEmpty()) {
        GroupPrincipal group =
            path.getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByGroupName(listener.group().name());
        PosixFileAttributeView view =
            Files.getFileAttributeView(path, PosixFileAttributeView.class);
        view.setGroup(group);
      }
    } catch (UserPrincipalNotFoundException unknown) {
      String group = listener.group().name();
      if (listener.group().required()) {
        throw new EngineException(
            ErrorKind.INVALID,
            "can't create unix socket " + path + ": group " + group + " not found",
            unknown);
      }
      LOG.log(
          System.Logger.Level.DEBUG,
          "could not change group " + path + " to " + group + ": group " + group + " not found");
    } catch (IOException failure) {
      throw EngineException.internal(
          "cannot protect " + listener + ": " + failure.getMessage(), failure);
    }
  }

  /** Removes the file. */
  void remove() {
    try {
      Files.deleteIfExists(listener.path());
    } catch (IOException failure) {
      LOG.log(System.Logger.Level.WARNING, "cannot remove " + listener.path(), failure);
    }
  }

  private static boolean answers(Path path) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException nobodyThere) {
      return false;
    }
  }
}
