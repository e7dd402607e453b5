package dev.berth.plugin.managed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.archive.ArchiveUnpacker;
import dev.berth.archive.Compression;
import dev.berth.archive.TarFormatException;
import dev.berth.archive.TarReader;
import dev.berth.archive.TarWriter;
import dev.berth.archive.TreePacker;
import dev.berth.archive.Trees;
import dev.berth.core.EngineException;
import dev.berth.image.Descriptor;
import dev.berth.image.Digest;
import dev.berth.image.MediaTypes;
import dev.berth.image.PluginArtifact;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.LinuxException;
import dev.berth.linux.MountFlags;
import dev.berth.linux.Mounts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * Where plugins lie. Each has a folder of its id with its root file system; what is being made has
 * another name until it is whole, and is removed at the next start if it never was.
 *
 * @param root below the engine's data
 * @param run below the engine's folder for what need not survive a reboot
 */
record PluginFolders(Path root, Path run) {
  private static final String STAGING = "staging-";
  private static final int OPEN_DIRECTORY =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int SHORT_ID = 12;
  private static final int LARGEST_CONFIGURATION = 1 << 20;

  Path blobs() {
    return root.resolve("blobs");
  }

  Path folder(String id) {
    return root.resolve(id);
  }

  Path rootfs(String id) {
    return folder(id).resolve("rootfs");
  }

  Path propagated(String id) {
    return folder(id).resolve("propagated-mount");
  }

  Path log(String id) {
    return folder(id).resolve("plugin.log");
  }

  /** Short, since the path of a socket may have 107 bytes. */
  Path sockets(String id) {
    return run.resolve(id.substring(0, SHORT_ID));
  }

  /** Makes the folders, and removes what an engine that was killed left unfinished. */
  void start(Set<String> known) {
    try {
      createPrivate(root);
      createPrivate(blobs());
      createPrivate(run);
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
        for (Path entry : entries) {
          String name = String.valueOf(entry.getFileName());
          if (!name.equals("blobs") && !known.contains(name)) {
            Trees.delete(entry);
          }
        }
      }
    } catch (IOException e) {
      throw EngineException.internal("the folder of plugins could not be made: " + root, e);
    }
  }

  private static void createPrivate(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** What a plugin is to become, not yet under its own name. */
  Path stage() {
    try {
      return Files.createTempDirectory(root, STAGING);
    } catch (IOException e) {
      throw EngineException.internal("a folder for the plugin could not be made", e);
    }
  }

  /** Gives what was staged its name. */
  void publish(Path staged, String id) {
    try {
      Files.move(staged, folder(id), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw EngineException.internal("the plugin could not be put into its place", e);
    }
  }

  /** Removes a plugin's files, and blobs that no other needs. */
  void remove(String id, Set<String> neededBlobs) {
    Mounts.detachIfMounted(propagated(id).toString());
    Trees.delete(sockets(id));
    Trees.delete(folder(id));
    removeBlobsBut(neededBlobs);
  }

  void removeBlobsBut(Set<String> needed) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(blobs())) {
      for (Path blob : entries) {
        if (!needed.contains(String.valueOf(blob.getFileName()))) {
          Files.deleteIfExists(blob);
        }
      }
    } catch (IOException e) {
      throw EngineException.internal("blobs of plugins could not be removed", e);
    }
  }

  /** Unpacks the layers of a fetched plugin. */
  void unpack(PluginArtifact artifact, Path staged) {
    Path rootfs = staged.resolve("rootfs");
    try {
      Files.createDirectory(rootfs);
      for (Descriptor layer : artifact.layers()) {
        try (InputStream blob = Files.newInputStream(blobs().resolve(layer.digest().hex()))) {
          unpack(blob, rootfs);
        }
      }
    } catch (TarFormatException e) {
      throw EngineException.invalid("failed to extract the plugin: " + e.getMessage());
    } catch (IOException | LinuxException e) {
      throw EngineException.internal("failed to extract the plugin: " + e.getMessage(), e);
    }
  }

  private static void unpack(InputStream archive, Path into) throws IOException {
    try (Fd directory = FileCalls.open(into.toString(), OPEN_DIRECTORY);
        ArchiveUnpacker unpacker = ArchiveUnpacker.ofTree(directory, 0);
        InputStream plain = Compression.openDetected(archive)) {
      unpacker.unpack(new TarReader(plain));
    }
  }

  /**
   * Makes a plugin of what a user sends: an archive with {@code config.json} and {@code rootfs}.
   *
   * @throws EngineException INVALID where one of them is missing or broken
   */
  PluginArtifact make(InputStream context, Path staged) {
    try {
      unpack(context, staged);
      Path configuration = staged.resolve("config.json");
      Path rootfs = staged.resolve("rootfs");
      if (!Files.isDirectory(rootfs, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
        throw EngineException.invalid("the plugin has no rootfs folder");
      }
      String text = text(configuration);
      PluginConfiguration.parse(text);
      Packed packed = pack(rootfs);
      Files.delete(configuration);
      return new PluginArtifact(withDiffId(text, packed.diffId()), List.of(packed.layer()));
    } catch (TarFormatException e) {
      throw EngineException.invalid("failed to read the plugin's archive: " + e.getMessage());
    } catch (IOException | LinuxException e) {
      throw EngineException.internal("failed to make the plugin: " + e.getMessage(), e);
    }
  }

  private static String text(Path configuration) throws IOException {
    if (!Files.isRegularFile(configuration, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      throw EngineException.invalid("the plugin has no config.json");
    }
    if (Files.size(configuration) > LARGEST_CONFIGURATION) {
      throw EngineException.invalid("the plugin's config.json is too large");
    }
    return Files.readString(configuration, StandardCharsets.UTF_8);
  }

  private static String withDiffId(String configuration, Digest diffId) {
    ObjectMapper mapper = new ObjectMapper();
    try {
      JsonNode tree = mapper.readTree(configuration);
      ObjectNode rootfs = ((ObjectNode) tree).putObject("rootfs");
      rootfs.put("type", "layers").putArray("diff_ids").add(diffId.toString());
      return mapper.writeValueAsString(tree);
    } catch (JsonProcessingException | ClassCastException e) {
      throw EngineException.invalid("failed to parse json: " + e.getMessage());
    }
  }

  private record Packed(Descriptor layer, Digest diffId) {}

  private Packed pack(Path rootfs) throws IOException {
    Path partial = Files.createTempFile(blobs(), "pack-", null);
    try {
      MessageDigest packedHash = Digest.sha256Hash();
      MessageDigest plainHash = Digest.sha256Hash();
      try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(partial));
          OutputStream hashed = new DigestOutputStream(file, packedHash);
          OutputStream packed = new GZIPOutputStream(hashed);
          OutputStream plain = new DigestOutputStream(packed, plainHash);
          TarWriter writer = new TarWriter(plain);
          Fd directory = FileCalls.open(rootfs.toString(), OPEN_DIRECTORY)) {
        new TreePacker(writer, false).pack(directory);
      }
      Digest digest = Digest.finish(packedHash.digest());
      long bytes = Files.size(partial);
      Files.move(partial, blobs().resolve(digest.hex()), StandardCopyOption.ATOMIC_MOVE);
      return new Packed(
          new Descriptor(MediaTypes.DOCKER_LAYER_GZIP, digest, bytes),
          Digest.finish(plainHash.digest()));
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  /** Makes what a run needs: the folder of the socket and, if asked for, of shared mounts. */
  void prepareRun(String id, boolean propagates) {
    try {
      createPrivate(run);
      Trees.delete(sockets(id));
      createPrivate(sockets(id));
      if (propagates) {
        String shared = Files.createDirectories(propagated(id)).toString();
        Mounts.detachIfMounted(shared);
        Mounts.bind(shared, shared, false);
        Mounts.propagation(shared, MountFlags.MS_SHARED);
      }
    } catch (IOException | LinuxException e) {
      throw EngineException.internal("the plugin's folders could not be made", e);
    }
  }
}
