package dev.berth.build;

import dev.berth.image.Healthcheck;
import dev.berth.image.ImageConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An image's configuration while instructions change it. */
final class ConfigDraft {
  private static final List<String> SHELL = List.of("/bin/sh", "-c");
  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final boolean argsEscaped;
  private final Set<String> exposedPorts;
  private final Set<String> volumes;
  private final Map<String, String> labels;
  private List<String> env;
  private @Nullable List<String> entrypoint;
  private @Nullable List<String> cmd;
  private @Nullable List<String> shell;
  private @Nullable Healthcheck healthcheck;
  private @Nullable String stopSignal;
  private List<String> onBuild;
  private String user;
  private String workingDir;
  private boolean cmdSet;

  ConfigDraft(ImageConfig base) {
    this.argsEscaped = base.argsEscaped();
    this.exposedPorts = new LinkedHashSet<>(base.exposedPorts());
    this.volumes = new LinkedHashSet<>(base.volumes());
    this.labels = new LinkedHashMap<>(base.labels());
    this.env = new ArrayList<>(base.env());
    this.entrypoint = base.entrypoint();
    this.cmd = base.cmd();
    this.shell = base.shell();
    this.healthcheck = base.healthcheck();
    this.stopSignal = base.stopSignal();
    this.onBuild = new ArrayList<>(base.onBuild());
    this.user = base.user();
    this.workingDir = base.workingDir();
    if (env.stream().noneMatch(variable -> variable.startsWith("PATH="))) {
      env.add(PATH);
    }
  }

  ImageConfig config() {
    return new ImageConfig(
        user,
        exposedPorts,
        env,
        entrypoint,
        cmd,
        volumes,
        workingDir,
        labels,
        stopSignal,
        healthcheck,
        onBuild,
        shell,
        argsEscaped);
  }

  List<String> env() {
    return List.copyOf(env);
  }

  /** The environment as a map. */
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String variable : env) {
      String[] parts = variable.split("=", 2);
      variables.put(parts[0], parts.length > 1 ? parts[1] : "");
    }
    return variables;
  }

  void env(String name, String value) {
    String prefix = name + "=";
    for (int index = 0; index < env.size(); index++) {
      if (env.get(index).startsWith(prefix)) {
        env.set(index, prefix + value);
        return;
      }
    }
    env.add(prefix + value);
  }

  void label(String name, String value) {
    labels.put(name, value);
  }

  /** The shell that takes command lines. */
  List<String> shellOrDefault() {
    List<String> own = shell;
    return own == null || own.isEmpty() ? SHELL : own;
  }

  void shell(List<String> words) {
    shell = List.copyOf(words);
  }

  void cmd(List<String> words) {
    cmd = List.copyOf(words);
    cmdSet = true;
  }

  /** An entry point takes away the command that the base image has for its own. */
  void entrypoint(List<String> words) {
    entrypoint = words.isEmpty() ? null : List.copyOf(words);
    if (!cmdSet) {
      cmd = null;
    }
  }

  void expose(List<String> ports) {
    exposedPorts.addAll(ports);
  }

  void volumes(List<String> paths) {
    volumes.addAll(paths);
  }

  void user(String name) {
    user = name;
  }

  String workingDir() {
    return workingDir;
  }

  void workingDir(String path) {
    workingDir = path;
  }

  void stopSignal(String signal) {
    stopSignal = signal;
  }

  @Nullable Healthcheck healthcheck() {
    return healthcheck;
  }

  void healthcheck(Healthcheck check) {
    healthcheck = check;
  }

  void onBuild(String trigger) {
    onBuild.add(trigger);
  }

  /** Takes the triggers of the base image; they hold for one build. */
  List<String> takeOnBuild() {
    List<String> triggers = onBuild;
    onBuild = new ArrayList<>();
    return triggers;
  }
}
