package dev.berth.daemon;

import dev.berth.core.EngineException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Keeps two engines from working on one data root. The kernel drops the lock when the process ends,
 * however it ends, so there is nothing to clean up after a crash.
 */
final class DataRootLock implements AutoCloseable {
  private final FileChannel channel;

  private DataRootLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the data root, readable by nobody else, and takes it.
   *
   * @throws EngineException of kind CONFLICT when another engine has it
   */
  static DataRootLock take(Path dataRoot) {
    try {
      Files.createDirectories(dataRoot);
      Files.setPosixFilePermissions(dataRoot, PosixFilePermissions.fromString("rwx--x---"));
      FileChannel channel =
          FileChannel.open(
              dataRoot.resolve("berth.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw EngineException.conflict(
            "another engine is running on the data root "
                + dataRoot
                + ": stop it, or choose another one with --data-root");
      }
      return new DataRootLock(channel);
    } catch (IOException failure) {
      throw EngineException.internal(
          "cannot use the data root " + dataRoot + ": " + failure, failure);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      System.getLogger(DataRootLock.class.getName())
          .log(System.Logger.Level.WARNING, "cannot release the data root", failure);
    }
  }
}
