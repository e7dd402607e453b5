package dev.berth.image.content;

import dev.berth.archive.ArchiveUnpacker;
import dev.berth.archive.Compression;
import dev.berth.archive.TarReader;
import dev.berth.archive.Trees;
import dev.berth.core.EngineException;
import dev.berth.image.Digest;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.store.Store;
import dev.berth.store.WriteTransaction;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;

/**
 * The layers on the disk. Each has a directory of its own under a random name, with its files in
 * {@code diff} and its archive in {@code blob}; it counts only once the store has a record that
 * names the directory. What no record names is removed at the next start, so that a crash at any
 * point leaves nothing.
 *
 * <p>An operation that relies on a layer pins it until its own commit. Pins are taken and looked at
 * inside updates of the store, which run one at a time.
 */
public final class Layers {
  private static final System.Logger LOG = System.getLogger(Layers.class.getName());
  private static final int BUFFER = 64 * 1024;
  private static final int NAME_BYTES = 16;
  private static final String DIFF = "diff";
  private static final String BLOB = "blob";
  private static final String REPACKED = "blob.gz";

  private final Path root;
  private final Store store;
  private final RandomGenerator random;
  private final Map<String, Integer> pins = new HashMap<>();

  /**
   * @param root their directory
   * @param store has the records
   * @param random names directories
   */
  public Layers(Path root, Store store, RandomGenerator random) {
    this.root = root;
    this.store = store;
    this.random = random;
  }

  /** Where all layers lie. */
  public Path root() {
    return root;
  }

  /** The files of a layer. */
  public Path files(LayerRecord layer) {
    return root.resolve(layer.directory()).resolve(DIFF);
  }

  /** The directory of a name. */
  public Path directory(String name) {
    return root.resolve(name);
  }

  /** A new directory's name. */
  public String newName() {
    byte[] bytes = new byte[NAME_BYTES];
    synchronized (random) {
      random.nextBytes(bytes);
    }
    return HexFormat.of().formatHex(bytes);
  }

  /** The layer's archive as the record has it. */
  public InputStream openBlob(LayerRecord layer) throws IOException {
    String name = layer.repacked() ? REPACKED : BLOB;
    return Files.newInputStream(root.resolve(layer.directory()).resolve(name));
  }

  /** The layer's archive, not compressed. */
  public InputStream openTar(LayerRecord layer) throws IOException {
    try {
      return layer.compression().open(new BufferedInputStream(openBlob(layer), BUFFER));
    } catch (NoSuchFileException e) {
      // It was compressed since the record was read.
      Path repacked = root.resolve(layer.directory()).resolve(REPACKED);
      InputStream file = Files.newInputStream(repacked);
      return Compression.GZIP.open(new BufferedInputStream(file, BUFFER));
    }
  }

  /**
   * Compresses the archive of a layer that came uncompressed, for good: registries are given gzip,
   * and the digest that one knows stays valid. The layer must be pinned.
   *
   * @return the layer as it is now
   */
  public LayerRecord compress(Digest diffId, LayerRecord layer) throws IOException {
    if (layer.compression() != Compression.NONE) {
      return layer;
    }
    Path home = root.resolve(layer.directory());
    Path temporary = home.resolve(newName());
    try {
      LayerRecord packed = compress(layer, temporary);
      Files.move(temporary, home.resolve(REPACKED), StandardCopyOption.ATOMIC_MOVE);
      flush();
      store.update(transaction -> {
        transaction.put(ImageTables.LAYERS, diffId.toString(), packed);
        return packed;
      });
      Files.deleteIfExists(home.resolve(BLOB));
      return packed;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private LayerRecord compress(LayerRecord layer, Path target) throws IOException {
    MessageDigest hash = Digest.sha256Hash();
    try (InputStream plain = openTar(layer);
        OutputStream file = Files.newOutputStream(target);
        OutputStream hashing = new DigestOutputStream(file, hash);
        OutputStream gzip = new GZIPOutputStream(hashing, BUFFER)) {
      plain.transferTo(gzip);
    }
    return new LayerRecord(
        layer.directory(),
        Digest.finish(hash.digest()).toString(),
        Files.size(target),
        Compression.GZIP,
        true,
        layer.tarBytes(),
        layer.sizeBytes());
  }

  /**
   * Takes in a layer's archive in whichever compression: keeps it, unpacks it and computes its
   * digests in one pass. Nothing is left when it fails.
   *
   * @throws IOException when the archive is broken or hostile, or the stream fails
   */
  public StagedLayer stage(InputStream archive) throws IOException {
    String name = newName();
    Path home = root.resolve(name);
    boolean done = false;
    try {
      Files.createDirectory(home);
      Files.createDirectory(home.resolve(DIFF));
      StagedLayer layer = unpack(archive, name, home);
      done = true;
      return layer;
    } finally {
      if (!done) {
        Trees.delete(home);
      }
    }
  }

  private static StagedLayer unpack(InputStream archive, String name, Path home)
      throws IOException {
    MessageDigest blobHash = Digest.sha256Hash();
    try (OutputStream copy = Files.newOutputStream(home.resolve(BLOB));
        Fd files =
            FileCalls.open(
                home.resolve(DIFF).toString(), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY)) {
      FileCalls.fchmod(files, 0755);
      CapturingInputStream blob = new CapturingInputStream(archive, blobHash, copy);
      BufferedInputStream buffered = new BufferedInputStream(blob, BUFFER);
      Compression compression = Compression.peek(buffered);
      Unpacked unpacked = unpack(buffered, compression, files);
      blob.drain();
      Digest blobDigest = Digest.finish(blobHash.digest());
      Digest diffId = compression == Compression.NONE ? blobDigest : unpacked.tarDigest;
      return new StagedLayer(
          diffId,
          new LayerRecord(
              name,
              blobDigest.toString(),
              blob.count(),
              compression,
              false,
              compression == Compression.NONE ? blob.count() : unpacked.tarBytes,
              unpacked.contentBytes));
    }
  }

  private record Unpacked(Digest tarDigest, long tarBytes, long contentBytes) {}

  private static Unpacked unpack(InputStream blob, Compression compression, Fd files)
      throws IOException {
    MessageDigest tarHash = Digest.sha256Hash();
    try (ArchiveUnpacker unpacker = ArchiveUnpacker.ofLayer(files)) {
      if (compression == Compression.NONE) {
        return new Unpacked(Digest.finish(new byte[32]), 0, unpacker.unpack(new TarReader(blob)));
      }
      CapturingInputStream tar = new CapturingInputStream(compression.open(blob), tarHash, null);
      long bytes = unpacker.unpack(new TarReader(new BufferedInputStream(tar, BUFFER)));
      tar.drain();
      return new Unpacked(Digest.finish(tarHash.digest()), tar.count(), bytes);
    }
  }

  /** Removes a staged layer that is not wanted after all. */
  public void discard(StagedLayer layer) {
    Trees.delete(root.resolve(layer.layer().directory()));
  }

  /** Waits until everything staged is on the disk, so that a record may name it. */
  public void flush() {
    try (Fd directory =
        FileCalls.open(root.toString(), FileFlags.O_RDONLY | FileFlags.O_DIRECTORY)) {
      FileData.syncfs(directory);
    }
  }

  /** The layer of a diff id, if it is here; pinned then, until {@link #unpin}. */
  public Optional<LayerRecord> pin(Digest diffId) {
    return store.update(transaction -> {
      Optional<LayerRecord> found = transaction.find(ImageTables.LAYERS, diffId.toString());
      found.ifPresent(layer -> pins.merge(diffId.toString(), 1, Integer::sum));
      return found;
    });
  }

  /** Gives pins back; layers that nothing needs are removed then. */
  public void unpin(Collection<Digest> diffIds) {
    if (diffIds.isEmpty()) {
      return;
    }
    store.update(transaction -> {
      for (Digest diffId : diffIds) {
        pins.computeIfPresent(diffId.toString(), (id, count) -> count > 1 ? count - 1 : null);
      }
      return diffIds.size();
    });
    collect();
  }

  /**
   * Puts a staged layer into the store, within a transaction; a layer with the same files may have
   * come in the meantime and is kept then.
   *
   * @return whether it was put; otherwise the caller discards it after the commit
   */
  public boolean put(WriteTransaction transaction, StagedLayer layer) {
    String key = layer.diffId().toString();
    if (transaction.find(ImageTables.LAYERS, key).isPresent()) {
      return false;
    }
    transaction.put(ImageTables.LAYERS, key, layer.layer());
    return true;
  }

  /** Removes the layers that no image, no container and no running operation needs. */
  public void collect() {
    List<LayerRecord> unused =
        store.update(transaction -> {
          Set<String> needed = new HashSet<>(pins.keySet());
          transaction
              .all(ImageTables.IMAGES)
              .values()
              .forEach(image -> needed.addAll(image.diffIds()));
          transaction
              .all(ImageTables.ROOT_FILESYSTEMS)
              .values()
              .forEach(container -> needed.addAll(container.diffIds()));
          List<LayerRecord> removed = new ArrayList<>();
          transaction
              .all(ImageTables.LAYERS)
              .forEach((diffId, layer) -> {
                if (!needed.contains(diffId)) {
                  transaction.remove(ImageTables.LAYERS, diffId);
                  removed.add(layer);
                }
              });
          return removed;
        });
    unused.forEach(layer -> Trees.delete(root.resolve(layer.directory())));
  }

  /**
   * Makes the directory and removes from it what no record names.
   *
   * @param earlier where layers were kept at first; those that records name are taken from there
   */
  public void start(Path earlier) {
    try {
      Files.createDirectories(root);
      Set<String> known = known();
      for (String name : known) {
        Path before = earlier.resolve(name);
        if (Files.isDirectory(before) && !Files.exists(root.resolve(name))) {
          Files.move(before, root.resolve(name));
        }
      }
      try (var children = Files.newDirectoryStream(root)) {
        for (Path child : children) {
          if (!known.contains(String.valueOf(child.getFileName()))) {
            LOG.log(System.Logger.Level.INFO, "removing what a crash left: {0}", child);
            Trees.delete(child);
          }
        }
      }
    } catch (IOException e) {
      throw EngineException.internal("cannot prepare " + root + ": " + e.getMessage(), e);
    }
  }

  private Set<String> known() {
    return store.view(transaction -> {
      Set<String> names = new HashSet<>();
      transaction.all(ImageTables.LAYERS).values().forEach(layer -> names.add(layer.directory()));
      transaction
          .all(ImageTables.ROOT_FILESYSTEMS)
          .values()
          .forEach(container -> names.add(container.initDirectory()));
      return names;
    });
  }
}
