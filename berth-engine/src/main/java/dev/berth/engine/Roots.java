package dev.berth.engine;

import dev.berth.image.Digest;
import dev.berth.image.FilesystemChange;
import dev.berth.image.FilesystemUsage;
import dev.berth.image.RootFilesystem;
import dev.berth.image.RootFilesystems;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Root file systems of containers, as far as the engine needs them; a seam to the kernel. */
interface Roots {
  /** Makes a container's writable layer, of a limited size unless that is 0. */
  RootFilesystem prepare(String containerId, Digest imageId, long sizeBytes);

  /** Makes a writable layer for a step of a build, directly upon an image, or upon nothing. */
  void prepareBare(String id, @Nullable Digest imageId);

  /** What was made. */
  RootFilesystem find(String containerId);

  /** Mounts it; idempotent. */
  Path mount(String containerId);

  /** Unmounts it; idempotent. */
  void unmount(String containerId);

  /** Deletes it; idempotent. */
  void remove(String containerId);

  /** What the container changed. */
  List<FilesystemChange> changes(String containerId);

  /** How much room it takes. */
  FilesystemUsage usage(String containerId);

  /** Writes the whole tree as an archive. */
  void exportTree(String containerId, OutputStream archive) throws IOException;

  /** Writes what the container changed as a layer's archive. */
  void exportChanges(String containerId, OutputStream archive) throws IOException;

  /** Those of the image feature. */
  static Roots of(RootFilesystems filesystems) {
    return new Roots() {
      @Override
      public RootFilesystem prepare(String containerId, Digest imageId, long sizeBytes) {
        return filesystems.prepare(containerId, imageId, sizeBytes);
      }

      @Override
      public void prepareBare(String id, @Nullable Digest imageId) {
        filesystems.prepareBare(id, imageId);
      }

      @Override
      public RootFilesystem find(String containerId) {
        return filesystems.find(containerId);
      }

      @Override
      public Path mount(String containerId) {
        return filesystems.mount(containerId);
      }

      @Override
      public void unmount(String containerId) {
        filesystems.unmount(containerId);
      }

      @Override
      public void remove(String containerId) {
        filesystems.remove(containerId);
      }

      @Override
      public List<FilesystemChange> changes(String containerId) {
        return filesystems.changes(containerId);
      }

      @Override
      public FilesystemUsage usage(String containerId) {
        return filesystems.usage(containerId);
      }

      @Override
      public void exportTree(String containerId, OutputStream archive) throws IOException {
        filesystems.exportTree(containerId, archive);
      }

      @Override
      public void exportChanges(String containerId, OutputStream archive) throws IOException {
        filesystems.exportChanges(containerId, archive);
      }
    };
  }
}
