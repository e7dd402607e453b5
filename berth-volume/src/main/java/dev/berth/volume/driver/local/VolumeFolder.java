package dev.berth.volume.driver.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.core.EngineException;
import dev.berth.linux.Errno;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileData;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import dev.berth.linux.ProjectQuotas;
import dev.berth.volume.DataFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A volume on the disk, laid out as Docker does it: {@code NAME/_data} holds the data, {@code
 * NAME/opts.json} the options, where there are any.
 */
final class VolumeFolder {
  static final String DATA = "_data";
  static final String OPTIONS = "opts.json";
  static final int FOLDER_MODE = 0701;
  private static final int FOLDER =
      FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
  private static final int OPTIONS_LIMIT_BYTES = 1 << 20;

  private final Fd root;
  private final Path path;
  private final String name;

  /** Loaded when the first volume with options comes. */
  private static final class Json {
    static final JsonMapper MAPPER = new JsonMapper();
  }

  /**
   * @param root the open folder of all volumes
   * @param rootPath the same as a path
   */
  VolumeFolder(Fd root, Path rootPath, String name) {
    this.root = root;
    this.path = rootPath.resolve(name);
    this.name = name;
  }

  String name() {
    return name;
  }

  String data() {
    return path.resolve(DATA).toString();
  }

  FileStatus status() {
    return FileCalls.statx(root, name, FileFlags.AT_SYMLINK_NOFOLLOW);
  }

  /** Makes the folders; those that exist stay as they are. */
  void make() {
    makeFolder(name, FOLDER_MODE);
    makeData();
  }

  /**
   * Makes the folders of a volume whose size is limited. The whole folder gets a project, so that
   * what is staged for it, and exchanged with its data later, is counted and limited as well.
   */
  void makeLimited(long sizeBytes) {
    makeFolder(name, FOLDER_MODE);
    try (Fd folder = FileCalls.openat(root, name, FOLDER, 0)) {
      ProjectQuotas.limit(folder, sizeBytes);
    } catch (LinuxException e) {
      throw EngineException.internal(
          "error setting quota of volume '" + path + "': " + e.getMessage(), e);
    }
    makeData();
  }

  /** The project of a folder below the folder of all volumes; 0 for none. */
  static int projectOf(Fd root, String name) {
    try (Fd folder = FileCalls.openat(root, name, FOLDER, 0)) {
      return ProjectQuotas.projectOf(folder);
    } catch (LinuxException gone) {
      return 0;
    }
  }

  private void makeData() {
    try (Fd folder = FileCalls.openat(root, name, FileFlags.O_RDONLY | FileFlags.O_NOFOLLOW, 0)) {
      DataFolder.make(folder, DATA);
    } catch (LinuxException e) {
      tolerateExisting(e);
    }
  }

  private void makeFolder(String below, int mode) {
    try {
      FileCalls.mkdirat(root, below, mode);
      FileCalls.fchmodat(root, below, mode);
    } catch (LinuxException e) {
      tolerateExisting(e);
    }
  }

  private void tolerateExisting(LinuxException e) {
    if (!e.is(Errno.EEXIST)) {
      throw EngineException.internal(
          "error while creating volume root path '" + path + "': " + e.getMessage(), e);
    }
  }

  /** Whether nothing was ever put into it: no data, no options. */
  boolean isUnused() {
    try (Fd data = openData()) {
      return FileCalls.list(data).isEmpty()
          && FileCalls.statxIfExists(root, name + "/" + OPTIONS) == null;
    } catch (LinuxException e) {
      return e.is(Errno.ENOENT);
    }
  }

  private Fd openData() {
    int flags = FileFlags.O_RDONLY | FileFlags.O_DIRECTORY | FileFlags.O_NOFOLLOW;
    return FileCalls.openat(root, name + "/" + DATA, flags, 0);
  }

  /** Readable by root alone, because there may be credentials in it. */
  void writeOptions(LocalOptions options) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("MountType", options.type());
    json.put("MountOpts", options.options());
    json.put("MountDevice", options.device());
    json.putObject("Quota").put("Size", options.sizeBytes());
    String written = name + "/." + OPTIONS;
    int flags = FileFlags.O_WRONLY | FileFlags.O_CREAT | FileFlags.O_TRUNC | FileFlags.O_NOFOLLOW;
    try (Fd file = FileCalls.openat(root, written, flags, 0600)) {
      FileData.writeAll(file, json.toString().getBytes(StandardCharsets.UTF_8));
      FileData.fsync(file);
      FileCalls.renameat2(root, written, root, name + "/" + OPTIONS, 0);
    } catch (LinuxException e) {
      throw EngineException.internal("error while persisting volume options: " + e.getMessage(), e);
    }
  }

  LocalOptions readOptions() {
    try (Fd file =
        FileCalls.openat(
            root, name + "/" + OPTIONS, FileFlags.O_RDONLY | FileFlags.O_NOFOLLOW, 0)) {
      JsonNode json = Json.MAPPER.readTree(FileData.readAll(file, OPTIONS_LIMIT_BYTES));
      return new LocalOptions(
          json.path("MountType").asText(""),
          json.path("MountOpts").asText(""),
          json.path("MountDevice").asText(""),
          json.path("Quota").path("Size").asLong(0));
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        return LocalOptions.NONE;
      }
      throw unreadable(e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private EngineException unreadable(Exception cause) {
    return EngineException.internal(
        "error while unmarshaling volume options for volume: " + name, cause);
  }
}
