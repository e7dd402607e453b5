package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;

/**
 * Files of containers as tar streams: docker cp and export. Paths never leave the container's root,
 * whatever links it holds.
 */
public final class ContainerFiles {

  private final Features features;
  private final ContainerTable table;
  private final ContainerEvents events;

  ContainerFiles(Features features, ContainerTable table, ContainerEvents events) {
    this.features = features;
    this.table = table;
    this.events = events;
  }

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
    LiveContainer container = table.require(reference);
    try (ContainerTree tree = ContainerTree.open(features, container, path)) {
      return tree.stat();
    } catch (LinuxException failure) {
      throw failed(reference, path, failure);
    }
  }

  /** A path as an archive. */
  public Archive read(String reference, String path) {
    LiveContainer container = table.require(reference);
    ContainerTree tree = ContainerTree.open(features, container, path);
    try {
      PathStat stat = tree.stat();
      events.tell(container, "archive-path");
      return new TreeArchive(tree, stat);
    } catch (LinuxException failure) {
      tree.close();
      throw failed(reference, path, failure);
    }
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
    LiveContainer container = table.require(reference);
    try (ContainerTree tree = ContainerTree.open(features, container, path)) {
      tree.requireWritable();
      TreeUnpacker.Ownership ownership =
          copyUidGid ? tree.ownership() : TreeUnpacker.Ownership.OF_THE_ARCHIVE;
      tree.unpack(tar, new TreeUnpacker.Choices(noOverwriteDirNonDir, ownership));
    } catch (LinuxException failure) {
      throw failed(reference, path, failure);
    }
    events.tell(container, "extract-to-dir");
  }

  /** Writes the whole root file system. */
  public void export(String reference, OutputStream out) throws IOException {
    LiveContainer container = table.require(reference);
    features.roots().exportTree(container.id(), out);
    events.tell(container, "export");
  }

  private static EngineException failed(String reference, String path, LinuxException failure) {
    boolean missing = failure.is(Errno.ENOENT) || failure.is(Errno.ENOTDIR);
    return missing
        ? EngineException.notFound("Could not find the file " + path + " in container " + reference)
        : EngineException.internal(path + ": " + failure.errno().text(), failure);
  }

  private record TreeArchive(ContainerTree tree, PathStat stat) implements Archive {
    @Override
    public void writeTo(OutputStream out) throws IOException {
      tree.pack(out);
    }

    @Override
    public void close() {
      tree.close();
    }
  }
}
