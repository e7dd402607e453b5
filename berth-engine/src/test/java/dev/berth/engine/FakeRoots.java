package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.image.Digest;
import dev.berth.image.FilesystemChange;
import dev.berth.image.FilesystemUsage;
import dev.berth.image.Image;
import dev.berth.image.RootFilesystem;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Root file systems that are directories; nothing is really mounted. */
final class FakeRoots implements Roots {
  private final Path directory;
  private final Runnable fault;
  private final Set<String> made = new TreeSet<>();
  private final Set<String> mounted = new TreeSet<>();

  FakeRoots(Path directory, Runnable fault) {
    this.directory = directory;
    this.fault = fault;
  }

  synchronized Set<String> made() {
    return new TreeSet<>(made);
  }

  synchronized Set<String> mounted() {
    return new TreeSet<>(mounted);
  }

  @Override
  public synchronized RootFilesystem prepare(String containerId, Digest imageId, long sizeBytes) {
    fault.run();
    made.add(containerId);
    return describe(containerId, imageId);
  }

  @Override
  public synchronized void prepareBare(String id, @Nullable Digest imageId) {
    fault.run();
    made.add(id);
  }

  private RootFilesystem describe(String containerId, Digest imageId) {
    return new RootFilesystem(
        containerId,
        imageId,
        directory.resolve(containerId),
        new Image.GraphDriver("overlay2", Map.of()));
  }

  @Override
  public synchronized RootFilesystem find(String containerId) {
    if (!made.contains(containerId)) {
      throw EngineException.notFound("no root of " + containerId);
    }
    return describe(containerId, Digest.of(new byte[0]));
  }

  @Override
  public synchronized Path mount(String containerId) {
    fault.run();
    Path root = directory.resolve(containerId);
    try {
      Files.createDirectories(root.resolve("etc"));
      Files.writeString(root.resolve("etc/passwd"), "root:x:0:0::/root:/bin/sh\n");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    mounted.add(containerId);
    return root;
  }

  @Override
  public synchronized void unmount(String containerId) {
    mounted.remove(containerId);
  }

  @Override
  public synchronized void remove(String containerId) {
    mounted.remove(containerId);
    made.remove(containerId);
  }

  @Override
  public List<FilesystemChange> changes(String containerId) {
    return List.of();
  }

  @Override
  public FilesystemUsage usage(String containerId) {
    return new FilesystemUsage(7, 100);
  }

  @Override
  public void exportTree(String containerId, OutputStream archive) {}

  @Override
  public void exportChanges(String containerId, OutputStream archive) {}
}
