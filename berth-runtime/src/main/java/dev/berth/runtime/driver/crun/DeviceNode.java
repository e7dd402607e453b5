package dev.berth.runtime.driver.crun;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.berth.core.EngineException;
import dev.berth.linux.Fd;
import dev.berth.linux.FileCalls;
import dev.berth.linux.FileFlags;
import dev.berth.linux.FileStatus;
import dev.berth.linux.LinuxException;
import dev.berth.runtime.SecuritySpec;
import dev.berth.runtime.SecuritySpec.DeviceRule;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A device node of a container, with what the host's node says of it.
 *
 * @param path inside the container
 * @param type {@code c} or {@code b}
 * @param major device number
 * @param minor device number
 * @param permissions of the device cgroup
 * @param owner mode and owner of the node
 */
record DeviceNode(
    String path, char type, int major, int minor, String permissions, Ownership owner) {

  record Ownership(int mode, int uid, int gid) {}

  private static final int MOST_NODES = 4096;
  private static final int MOST_LEVELS = 8;
  private static final Set<String> NOT_DEVICES =
      Set.of("pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev");
  private static final String CONSOLE = "/dev/console";

  /** Makes any node, uses the usual harmless ones, and no other. */
  private static final List<DeviceRule> DEFAULT_RULES =
      List.of(
          new DeviceRule(false, 'a', -1, -1, "rwm"),
          new DeviceRule(true, 'c', -1, -1, "m"),
          new DeviceRule(true, 'b', -1, -1, "m"),
          new DeviceRule(true, 'c', 1, 3, "rwm"),
          new DeviceRule(true, 'c', 1, 5, "rwm"),
          new DeviceRule(true, 'c', 1, 7, "rwm"),
          new DeviceRule(true, 'c', 1, 8, "rwm"),
          new DeviceRule(true, 'c', 1, 9, "rwm"),
          new DeviceRule(true, 'c', 5, 0, "rwm"),
          new DeviceRule(true, 'c', 5, 1, "rwm"),
          new DeviceRule(true, 'c', 5, 2, "rwm"),
          new DeviceRule(true, 'c', 136, -1, "rwm"));

  /** The nodes of a container: all of the host's if it is privileged. */
  static List<DeviceNode> of(SecuritySpec security) {
    List<DeviceNode> nodes = new ArrayList<>();
    if (security.privileged()) {
      collect(new SecuritySpec.Device("/dev", "/dev", "rwm"), nodes, 0);
    }
    for (SecuritySpec.Device device : security.devices()) {
      nodes.removeIf(node -> node.path().equals(device.containerPath()));
      FileStatus status = status(device.hostPath());
      if (status.isDirectory()) {
        collect(device, nodes, 0);
      } else {
        nodes.add(node(device, status));
      }
    }
    return nodes;
  }

  /** The device cgroup's rules for these nodes, in the order in which the kernel reads them. */
  static List<DeviceRule> rules(List<DeviceNode> nodes, List<DeviceRule> further) {
    List<DeviceRule> rules = new ArrayList<>(DEFAULT_RULES);
    for (DeviceNode node : nodes) {
      rules.add(new DeviceRule(true, node.type(), node.major(), node.minor(), node.permissions()));
    }
    rules.addAll(further);
    return rules;
  }

  private static void collect(SecuritySpec.Device directory, List<DeviceNode> nodes, int level) {
    if (level > MOST_LEVELS) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory.hostPath()))) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        SecuritySpec.Device device =
            new SecuritySpec.Device(
                entry.toString(), directory.containerPath() + "/" + name, directory.permissions());
        FileStatus status = FileCalls.statxIfExists(Fd.currentDirectory(), entry.toString());
        if (status == null || NOT_DEVICES.contains(name) || nodes.size() >= MOST_NODES) {
          continue;
        }
        if (status.isDirectory()) {
          collect(device, nodes, level + 1);
        } else if (isDevice(status) && !device.containerPath().equals(CONSOLE)) {
          nodes.add(node(device, status));
        }
      }
    } catch (IOException failure) {
      throw EngineException.internal("listing devices in " + directory.hostPath(), failure);
    }
  }

  private static FileStatus status(String path) {
    try {
      return FileCalls.statx(Fd.currentDirectory(), path, 0);
    } catch (LinuxException failure) {
      throw EngineException.internal(
          "error gathering device information while adding custom device \""
              + path
              + "\": "
              + failure.errno().text(),
          failure);
    }
  }

  private static DeviceNode node(SecuritySpec.Device device, FileStatus status) {
    if (!isDevice(status)) {
      throw EngineException.internal(
          "error gathering device information while adding custom device \""
              + device.hostPath()
              + "\": not a device node",
          null);
    }
    return new DeviceNode(
        device.containerPath(),
        status.kind() == FileFlags.S_IFBLK ? 'b' : 'c',
        status.specialMajor(),
        status.specialMinor(),
        device.permissions(),
        new Ownership(status.permissions(), status.userId(), status.groupId()));
  }

  private static boolean isDevice(FileStatus status) {
    return status.kind() == FileFlags.S_IFBLK || status.kind() == FileFlags.S_IFCHR;
  }

  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("path", path);
    out.writeStringField("type", String.valueOf(type));
    out.writeNumberField("major", major);
    out.writeNumberField("minor", minor);
    out.writeNumberField("fileMode", owner.mode());
    out.writeNumberField("uid", Integer.toUnsignedLong(owner.uid()));
    out.writeNumberField("gid", Integer.toUnsignedLong(owner.gid()));
    out.writeEndObject();
  }
}
