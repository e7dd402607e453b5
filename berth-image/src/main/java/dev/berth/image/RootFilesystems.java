package dev.berth.image;

import dev.berth.archive.TarWriter;
import dev.berth.archive.TreePacker;
import dev.berth.core.EngineException;
import dev.berth.core.UndoStack;
import dev.berth.image.content.Catalogue;
import dev.berth.image.content.ImageTables;
import dev.berth.image.content.InitLayer;
import dev.berth.image.content.LayerRecord;
import dev.berth.image.content.RootFilesystemRecord;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.store.ReadTransaction;
import dev.berth.store.WriteTransaction;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The root filesystems of containers: a writable layer each upon the shared layers of an image.
 * Safe for use by any thread; operations on one container exclude each other.
 */
public final class RootFilesystems {
  private static final int LOCKS = 64;

  private final ImageStorage storage;
  private final List<ReentrantLock> locks;

  /**
   * @param storage started
   */
  public RootFilesystems(ImageStorage storage) {
    this.storage = storage;
    this.locks = Stream.generate(ReentrantLock::new).limit(LOCKS).toList();
  }

  /**
   * Makes a container's writable layer; not mounted yet. Does nothing where it is there already.
   *
   * @param sizeBytes most that the container may write into it; 0 for the driver's own limit
   * @throws EngineException of kind NOT_FOUND when there is no such image, INVALID for a size where
   *     none can be limited
   */
  public RootFilesystem prepare(String containerId, Digest imageId, long sizeBytes) {
    return exclusively(
        containerId,
        "prepare",
        () -> {
          if (!isPrepared(containerId)) {
            create(containerId, imageId, sizeBytes);
          }
          return find(containerId);
        });
  }

  /**
   * Makes a writable layer directly upon an image, without the places that containers need, for a
   * step of a build; otherwise as {@link #prepare}.
   *
   * @param imageId or null for nothing below
   */
  public void prepareBare(String id, @Nullable Digest imageId) {
    exclusively(
        id,
        "prepare",
        () -> {
          RootFilesystemRecord added =
              storage
                  .store()
                  .update(transaction -> {
                    List<String> diffIds =
                        imageId == null ? List.of() : diffIds(transaction, imageId);
                    // The kernel wants some layer below.
                    return added(transaction, id, imageId, diffIds, !diffIds.isEmpty());
                  });
          make(added, 0);
          return id;
        });
  }

  private void create(String containerId, Digest imageId, long sizeBytes) {
    RootFilesystemRecord container =
        storage
            .store()
            .update(transaction ->
                added(transaction, containerId, imageId, diffIds(transaction, imageId), false));
    make(container, sizeBytes);
  }

  private static List<String> diffIds(ReadTransaction transaction, Digest imageId) {
    return transaction
        .find(ImageTables.IMAGES, imageId.toString())
        .orElseThrow(() -> Catalogue.missing(imageId.toString()))
        .diffIds();
  }

  /** The record comes first: from then on the layers below cannot be removed. */
  private RootFilesystemRecord added(
      WriteTransaction transaction,
      String id,
      @Nullable Digest imageId,
      List<String> diffIds,
      boolean bare) {
    RootFilesystemRecord added =
        new RootFilesystemRecord(
            imageId == null ? "" : imageId.toString(),
            diffIds,
            id,
            InitLayer.directoryName(diffIds) + (bare ? RootFilesystemRecord.BARE : ""),
            storage.driverName());
    transaction.put(ImageTables.ROOT_FILESYSTEMS, id, added);
    return added;
  }

  private void make(RootFilesystemRecord container, long sizeBytes) {
    String id = container.directory();
    try (UndoStack undo = new UndoStack("prepare root filesystem of " + id)) {
      undo.push("forget it", () -> forget(id));
      StorageDriver.Stack stack = stack(container);
      StorageDriver driver = storage.driver();
      driver.remove(stack.home());
      undo.push("delete its directory", () -> driver.remove(stack.home()));
      if (!container.isBare()) {
        new InitLayer(storage.layers().directory(container.initDirectory()))
            .makeIfMissing(imageLayers(container), storage.layers().newName());
      }
      driver.prepare(stack, sizeBytes);
      undo.commit();
    }
  }

  private void forget(String containerId) {
    storage
        .store()
        .update(transaction -> {
          transaction.remove(ImageTables.ROOT_FILESYSTEMS, containerId);
          return containerId;
        });
  }

  /**
   * What {@link #prepare} answered.
   *
   * @throws EngineException of kind NOT_FOUND when it was not prepared
   */
  public RootFilesystem find(String containerId) {
    RootFilesystemRecord container = record(containerId);
    StorageDriver.Stack stack = stack(container);
    StorageDriver driver = storage.driverOf(container);
    return new RootFilesystem(
        containerId,
        Digest.parse(container.image()),
        driver.merged(stack),
        new Image.GraphDriver(driver.name(), driver.data(stack)));
  }

  /** Mounts it, if it is not mounted yet; returns the merged tree's path. */
  public Path mount(String containerId) {
    return exclusively(
        containerId,
        "mount",
        () -> {
          Root root = root(containerId);
          root.driver().mount(root.stack());
          return root.driver().merged(root.stack());
        });
  }

  /** A container's root with what keeps it. */
  private record Root(StorageDriver driver, StorageDriver.Stack stack) {}

  private Root root(String containerId) {
    RootFilesystemRecord container = record(containerId);
    return new Root(storage.driverOf(container), stack(container));
  }

  /** Unmounts it; idempotent. */
  public void unmount(String containerId) {
    exclusively(
        containerId,
        "unmount",
        () -> {
          if (isPrepared(containerId)) {
            Root root = root(containerId);
            root.driver().unmount(root.stack());
          }
          return containerId;
        });
  }

  private boolean isPrepared(String containerId) {
    return storage
        .store()
        .view(
            transaction -> transaction.find(ImageTables.ROOT_FILESYSTEMS, containerId).isPresent());
  }

  /** Unmounts and deletes it; idempotent. */
  public void remove(String containerId) {
    exclusively(
        containerId,
        "remove",
        () -> {
          if (isPrepared(containerId)) {
            RootFilesystemRecord container = record(containerId);
            StorageDriver driver = storage.driverOf(container);
            driver.remove(driver.home(container.directory()));
            forget(containerId);
          }
          return containerId;
        });
    storage.layers().collect();
  }

  /** What the container changed, in the order of the paths. */
  public List<FilesystemChange> changes(String containerId) {
    return translated(
        "diff",
        () -> {
          Root root = root(containerId);
          return root.driver().changes(root.stack());
        });
  }

  /** How much room it takes; walks the writable layer. */
  public FilesystemUsage usage(String containerId) {
    RootFilesystemRecord container = record(containerId);
    long writable =
        translated("size", () -> storage.driverOf(container).ownBytes(stack(container)));
    long image =
        storage
            .store()
            .view(transaction ->
                Catalogue.size(
                    transaction, container.diffIds().stream().map(Digest::parse).toList()));
    return new FilesystemUsage(writable, writable + image);
  }

  /**
   * Writes the container's changes as a layer's tar archive, for a commit.
   *
   * @throws IOException when the stream fails
   */
  public void exportChanges(String containerId, OutputStream archive) throws IOException {
    Root root = root(containerId);
    try (TarWriter writer = new TarWriter(archive)) {
      root.driver().packChanges(root.stack(), writer);
    }
  }

  /**
   * Writes the whole merged tree as a tar archive, for {@code docker export}; mounts it meanwhile
   * if it is not mounted.
   *
   * @throws IOException when the stream fails
   */
  public void exportTree(String containerId, OutputStream archive) throws IOException {
    Root root = root(containerId);
    boolean mountedBefore = root.driver().isMounted(root.stack());
    Path merged = mount(containerId);
    int flags = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY;
    try (Fd directory = FileCalls.open(merged.toString(), flags);
        TarWriter writer = new TarWriter(archive)) {
      new TreePacker(writer, false).pack(directory);
    } finally {
      if (!mountedBefore) {
        unmount(containerId);
      }
    }
  }

  private RootFilesystemRecord record(String containerId) {
    return storage
        .store()
        .view(transaction -> transaction.find(ImageTables.ROOT_FILESYSTEMS, containerId))
        .orElseThrow(
            () -> EngineException.notFound("no root filesystem for container: " + containerId));
  }

  private StorageDriver.Stack stack(RootFilesystemRecord container) {
    List<Path> lowers = new ArrayList<>();
    if (!container.isBare()) {
      lowers.add(storage.layers().directory(container.initDirectory()).resolve(InitLayer.FILES));
    }
    lowers.addAll(imageLayers(container));
    return new StorageDriver.Stack(
        storage.driverOf(container).home(container.directory()), lowers, container.initDirectory());
  }

  private List<Path> imageLayers(RootFilesystemRecord container) {
    return storage.store().view(transaction -> imageLayers(transaction, container));
  }

  private List<Path> imageLayers(ReadTransaction transaction, RootFilesystemRecord container) {
    List<Path> paths = new ArrayList<>();
    for (String diffId : container.diffIds().reversed()) {
      LayerRecord layer =
          transaction
              .find(ImageTables.LAYERS, diffId)
              .orElseThrow(() -> EngineException.internal("layer does not exist: " + diffId, null));
      paths.add(storage.layers().files(layer));
    }
    return paths;
  }

  private <T> T exclusively(String containerId, String operation, Supplier<T> body) {
    ReentrantLock lock = locks.get(Math.floorMod(containerId.hashCode(), LOCKS));
    lock.lock();
    try {
      return translated(operation, body);
    } finally {
      lock.unlock();
    }
  }

  private static <T> T translated(String operation, Supplier<T> body) {
    try {
      return body.get();
    } catch (LinuxException e) {
      throw EngineException.internal("root filesystem: " + operation + ": " + e.getMessage(), e);
    }
  }
}
