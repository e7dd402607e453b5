package dev.berth.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Files of containers as tar streams: docker cp and export. Paths never leave the container's root,
 * whatever links it holds.
 */
public final class ContainerFiles {

  ContainerFiles() {}

  /**
   * What a path is.
   *
   * @param name the last part
   * @param sizeBytes of its content
   * @param mode with Go's mode bits, as Docker sends it
   * @param modified when
   * @param linkTarget empty when it is no link
   */
  public record PathStat(
      String name, long sizeBytes, long mode, Instant modified, String linkTarget) {}

  /** An archive that was checked and may be written. */
  public interface Archive extends AutoCloseable {
    /** What the path is. */
    PathStat stat();

    /** Writes the tar stream. */
    void writeTo(OutputStream out) throws IOException;

    @Override
    void close();
  }

  /** What a path is. */
  public PathStat stat(String reference, String path) {
    throw new UnsupportedOperationException();
  }

  /** A path as an archive. */
  public Archive read(String reference, String path) {
    throw new UnsupportedOperationException();
  }

  /**
   * Unpacks an archive in a directory.
   *
   * @param noOverwriteDirNonDir refuse to replace a directory by a file and the reverse
   * @param copyUidGid keep owners of the archive
   */
  public void write(
      String reference,
      String path,
      boolean noOverwriteDirNonDir,
      boolean copyUidGid,
      InputStream tar) {
    throw new UnsupportedOperationException();
  }

  /** Writes the whole root file system. */
  public void export(String reference, OutputStream out) throws IOException {
    throw new UnsupportedOperationException();
  }
}
