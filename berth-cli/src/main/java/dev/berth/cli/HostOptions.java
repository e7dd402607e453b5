package dev.berth.cli;

import static dev.berth.cli.ContainerRequest.put;
import static dev.berth.cli.ContainerRequest.putBytes;
import static dev.berth.cli.ContainerRequest.putMap;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code run} and {@code create} about privileges, namespaces, logs and restarts. */
final class HostOptions {
  @Option(names = "--rm", description = "Remove the container when it ends.")
  boolean remove;

  @Option(names = "--restart", description = "no, on-failure[:N], always or unless-stopped.")
  @Nullable String restart;

  @Option(names = "--privileged", description = "Give it all privileges of the host.")
  boolean privileged;

  @Option(names = "--cap-add", description = "Add a capability.")
  List<String> capAdd = List.of();

  @Option(names = "--cap-drop", description = "Drop a capability.")
  List<String> capDrop = List.of();

  @Option(names = "--group-add", description = "Further group of the process.")
  List<String> groupAdd = List.of();

  @Option(names = "--security-opt", description = "seccomp=…, no-new-privileges, …")
  List<String> securityOption = List.of();

  @Option(names = "--device", description = "Give it a device of the host: host[:container[:rwm]].")
  List<String> device = List.of();

  @Option(names = "--device-cgroup-rule", description = "Rule of the device controller.")
  List<String> deviceRule = List.of();

  @Option(names = "--sysctl", description = "Kernel parameter in its namespaces.")
  List<String> sysctl = List.of();

  @Option(names = "--ulimit", description = "Process limit: name=soft[:hard].")
  List<String> ulimit = List.of();

  @Option(names = "--read-only", description = "Mount its root read-only.")
  boolean readOnly;

  @Option(names = "--init", description = "Run an init that reaps processes.")
  @Nullable Boolean init;

  @Option(names = "--ipc", description = "IPC namespace.")
  @Nullable String ipc;

  @Option(names = "--pid", description = "PID namespace.")
  @Nullable String pid;

  @Option(names = "--uts", description = "UTS namespace.")
  @Nullable String uts;

  @Option(names = "--cgroupns", description = "Control group namespace.")
  @Nullable String cgroupns;

  @Option(names = "--userns", description = "User namespace.")
  @Nullable String userns;

  @Option(names = "--cgroup-parent", description = "Parent control group.")
  @Nullable String cgroupParent;

  @Option(names = "--shm-size", description = "Size of /dev/shm.")
  @Nullable String shmSize;

  @Option(names = "--oom-kill-disable", description = "Do not kill it when memory runs out.")
  boolean oomKillDisable;

  @Option(names = "--oom-score-adj", description = "Adjust the kernel's choice whom to kill.")
  @Nullable Integer oomScoreAdj;

  @Option(names = "--runtime", description = "OCI runtime.")
  @Nullable String runtime;

  @Option(names = "--log-driver", description = "json-file, local or none.")
  @Nullable String logDriver;

  @Option(names = "--log-opt", description = "Option of the log driver.")
  List<String> logOption = List.of();

  void fill(ContainerRequest request) {
    ObjectNode host = request.host();
    host.put("AutoRemove", remove);
    host.put("Privileged", privileged);
    host.put("ReadonlyRootfs", readOnly);
    put(host, "CapAdd", capAdd);
    put(host, "CapDrop", capDrop);
    put(host, "GroupAdd", groupAdd);
    put(host, "SecurityOpt", securityOption.stream().map(HostOptions::withProfile).toList());
    put(host, "DeviceCgroupRules", deviceRule);
    putMap(host, "Sysctls", sysctl);
    put(host, "Init", init);
    put(host, "IpcMode", ipc);
    put(host, "PidMode", pid);
    put(host, "UTSMode", uts);
    put(host, "CgroupnsMode", cgroupns);
    put(host, "UsernsMode", userns);
    put(host, "CgroupParent", cgroupParent);
    putBytes(host, "ShmSize", shmSize, "--shm-size");
    put(host, "OomKillDisable", oomKillDisable ? Boolean.TRUE : null);
    put(host, "OomScoreAdj", oomScoreAdj);
    put(host, "Runtime", runtime);
    ResourceOptions.fillUlimits(host, ulimit);
    fillDevices(host);
    fillLog(host);
    fillRestart(host, restart);
  }

  /** The engine gets a seccomp profile's text, since its file is on this side. */
  private static String withProfile(String option) {
    String file = option.replaceFirst("^seccomp[=:]", "");
    if (file.equals(option) || file.equals("unconfined") || file.equals("builtin")) {
      return option;
    }
    try {
      return "seccomp=" + Json.MAPPER.readTree(Files.readString(Path.of(file)));
    } catch (IOException unreadable) {
      throw new CliException(
          125, "opening seccomp profile (" + file + ") failed: " + unreadable.getMessage());
    }
  }

  private void fillDevices(ObjectNode host) {
    if (device.isEmpty()) {
      return;
    }
    ArrayNode array = host.putArray("Devices");
    for (String text : device) {
      List<String> parts = new ArrayList<>(List.of(text.split(":", -1)));
      String permissions =
          parts.size() > 1 && parts.getLast().matches("[rwm]+") ? parts.removeLast() : "rwm";
      array
          .addObject()
          .put("PathOnHost", parts.getFirst())
          .put("PathInContainer", parts.getLast())
          .put("CgroupPermissions", permissions);
    }
  }

  private void fillLog(ObjectNode host) {
    if (logDriver != null || !logOption.isEmpty()) {
      ObjectNode log = host.putObject("LogConfig");
      put(log, "Type", logDriver);
      putMap(log, "Config", logOption);
    }
  }

  static void fillRestart(ObjectNode host, @Nullable String restart) {
    if (restart == null) {
      return;
    }
    int colon = restart.indexOf(':');
    String name = colon < 0 ? restart : restart.substring(0, colon);
    ObjectNode policy = host.putObject("RestartPolicy").put("Name", name);
    if (colon >= 0) {
      String count = restart.substring(colon + 1);
      if (!count.matches("[0-9]{1,9}")) {
        throw new CliException(125, "maximum retry count must be an integer");
      }
      policy.put("MaximumRetryCount", Integer.parseInt(count));
    }
  }
}
