package dev.berth.cli;

import static dev.berth.cli.ContainerRequest.put;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code run} and {@code create} about volumes, binds and tmpfs. */
final class StorageOptions {
  private static final Set<String> TRUE = Set.of("", "1", "true", "t");

  @Option(
      names = {"-v", "--volume"},
      description = "Mount a volume or folder: [source:]target[:options].")
  List<String> volume = List.of();

  @Option(names = "--mount", description = "Mount: type=…,source=…,target=…, and further fields.")
  List<String> mount = List.of();

  @Option(names = "--tmpfs", description = "Mount a tmpfs: target[:options].")
  List<String> tmpfs = List.of();

  @Option(names = "--volumes-from", description = "Mount the volumes of another container.")
  List<String> volumesFrom = List.of();

  @Option(names = "--volume-driver", description = "Driver for volumes that are made.")
  @Nullable String volumeDriver;

  @Option(names = "--storage-opt", description = "Option of the storage driver.")
  List<String> storageOption = List.of();

  void fill(ContainerRequest request) {
    ObjectNode host = request.host();
    List<String> binds = new ArrayList<>();
    for (String text : volume) {
      if (text.indexOf(':') < 0) {
        request.config().withObject("/Volumes").putObject(text);
      } else {
        binds.add(absolute(text));
      }
    }
    put(host, "Binds", binds);
    put(host, "VolumesFrom", volumesFrom);
    put(host, "VolumeDriver", volumeDriver);
    ContainerRequest.putMap(host, "StorageOpt", storageOption);
    for (String text : tmpfs) {
      int colon = text.indexOf(':');
      host.withObject("/Tmpfs")
          .put(
              colon < 0 ? text : text.substring(0, colon),
              colon < 0 ? "" : text.substring(colon + 1));
    }
    for (String text : mount) {
      fillMount(text, host.withArray("/Mounts").addObject());
    }
  }

  /** A source that starts with a dot is a path below the current folder. */
  private static String absolute(String bind) {
    return bind.startsWith(".") || bind.startsWith("~")
        ? Path.of(bind.substring(0, bind.indexOf(':'))).toAbsolutePath().normalize()
            + bind.substring(bind.indexOf(':'))
        : bind;
  }

  private static void fillMount(String text, ObjectNode mount) {
    mount.put("Type", "volume");
    for (String field : text.split(",", -1)) {
      int equals = field.indexOf('=');
      String key = (equals < 0 ? field : field.substring(0, equals)).strip();
      String value = equals < 0 ? "" : field.substring(equals + 1);
      fillField(key, value, mount, field);
    }
    if (!mount.has("Target")) {
      throw UsageException.value(text, "--mount", "target is required");
    }
  }

  private static void fillField(String key, String value, ObjectNode mount, String field) {
    switch (key) {
      case "type" -> mount.put("Type", value);
      case "source", "src" ->
          mount.put(
              "Source",
              value.startsWith(".")
                  ? Path.of(value).toAbsolutePath().normalize().toString()
                  : value);
      case "target", "dst", "destination" -> mount.put("Target", value);
      case "readonly", "ro" -> mount.put("ReadOnly", TRUE.contains(value));
      case "consistency" -> mount.put("Consistency", value);
      case "bind-propagation" -> mount.withObject("/BindOptions").put("Propagation", value);
      case "bind-nonrecursive" ->
          mount.withObject("/BindOptions").put("NonRecursive", TRUE.contains(value));
      case "bind-recursive" -> fillRecursive(value, mount);
      case "bind-create-src" ->
          mount.withObject("/BindOptions").put("CreateMountpoint", TRUE.contains(value));
      case "volume-nocopy" ->
          mount.withObject("/VolumeOptions").put("NoCopy", TRUE.contains(value));
      case "volume-subpath" -> mount.withObject("/VolumeOptions").put("Subpath", value);
      case "image-subpath" -> mount.withObject("/ImageOptions").put("Subpath", value);
      case "volume-label" -> pair(mount.withObject("/VolumeOptions/Labels"), value);
      case "volume-driver" -> mount.withObject("/VolumeOptions/DriverConfig").put("Name", value);
      case "volume-opt" -> pair(mount.withObject("/VolumeOptions/DriverConfig/Options"), value);
      case "tmpfs-size" -> mount.withObject("/TmpfsOptions").put("SizeBytes", Units.bytes(value));
      case "tmpfs-mode" ->
          mount.withObject("/TmpfsOptions").put("Mode", Integer.parseInt(value, 8));
      default ->
          throw new CliException(
              125,
              "invalid argument \""
                  + field
                  + "\" for \"--mount\" flag: unexpected key '"
                  + key
                  + "' in '"
                  + field
                  + "'");
    }
  }

  private static void fillRecursive(String value, ObjectNode mount) {
    ObjectNode options = mount.withObject("/BindOptions");
    switch (value) {
      case "enabled" -> {}
      case "disabled" -> options.put("NonRecursive", true);
      case "writable" -> options.put("ReadOnlyNonRecursive", true);
      case "readonly" -> options.put("ReadOnlyForceRecursive", true);
      default -> throw new CliException(125, "invalid value for bind-recursive: " + value);
    }
  }

  private static void pair(ObjectNode object, String text) {
    int equals = text.indexOf('=');
    object.put(
        equals < 0 ? text : text.substring(0, equals),
        equals < 0 ? "" : text.substring(equals + 1));
  }
}
