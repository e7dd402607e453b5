package dev.berth.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Docker's grammar: which words name which command. Commands are made when they are called, since
 * describing all of them to the parser would take longer than most of them run.
 */
final class Commands {
  private static final Map<String, Supplier<Base>> CONTAINER = container();
  private static final Map<String, Supplier<Base>> IMAGE = image();
  private static final Map<String, Supplier<Base>> NETWORK = network();
  private static final Map<String, Supplier<Base>> VOLUME = volume();
  private static final Map<String, Supplier<Base>> SYSTEM = system();
  private static final Map<String, Supplier<Base>> PLUGIN = plugin();

  /** Further words for commands of groups. */
  static final Map<String, String> ALIASES = aliases();

  /** What the groups are for, in the order of the help. */
  static final Map<String, String> DESCRIPTIONS = descriptions();

  /** The commands that the help names first. */
  static final List<String> COMMON =
      List.of(
          "run", "exec", "ps", "build", "pull", "push", "images", "login", "logout", "search",
          "version", "info");

  /** Words of Docker's that have no command here, and what to use instead. */
  static final Map<String, String> ELSEWHERE = elsewhere();

  /** The groups, each with its commands. */
  static final Map<String, Map<String, Supplier<Base>>> GROUPS = groups();

  /** The commands that stand alone. */
  static final Map<String, Supplier<Base>> ALONE = alone();

  private Commands() {}

  private static Map<String, Supplier<Base>> container() {
    Map<String, Supplier<Base>> commands = new LinkedHashMap<>();
    commands.put("attach", LifeCommands.Attach::new);
    commands.put("commit", CommitCommand::new);
    commands.put("cp", CopyCommand::new);
    commands.put("create", RunCommands.Create::new);
    commands.put("diff", ViewCommands.Diff::new);
    commands.put("exec", LifeCommands.Exec::new);
    commands.put("export", RegistryCommands.Export::new);
    commands.put("inspect", ViewCommands.Inspect::new);
    commands.put("kill", LifeCommands.Kill::new);
    commands.put("logs", ViewCommands.Logs::new);
    commands.put("ls", ViewCommands.ListContainers::new);
    commands.put("pause", LifeCommands.Pause::new);
    commands.put("port", ViewCommands.PortCommand::new);
    commands.put("prune", ViewCommands.Prune::new);
    commands.put("rename", LifeCommands.Rename::new);
    commands.put("restart", LifeCommands.Restart::new);
    commands.put("rm", LifeCommands.Remove::new);
    commands.put("run", RunCommands.Run::new);
    commands.put("start", LifeCommands.Start::new);
    commands.put("stats", StatsCommand::new);
    commands.put("stop", LifeCommands.Stop::new);
    commands.put("top", ViewCommands.Top::new);
    commands.put("unpause", LifeCommands.Unpause::new);
    commands.put("update", LifeCommands.Update::new);
    commands.put("wait", LifeCommands.Wait::new);
    return commands;
  }

  private static Map<String, Supplier<Base>> image() {
    Map<String, Supplier<Base>> commands = new LinkedHashMap<>();
    commands.put("build", BuildCommand::new);
    commands.put("history", ImageCommands.History::new);
    commands.put("import", ImageCommands.Import::new);
    commands.put("inspect", ImageCommands.Inspect::new);
    commands.put("load", ImageCommands.Load::new);
    commands.put("ls", ImageCommands.ListImages::new);
    commands.put("prune", ImageCommands.Prune::new);
    commands.put("pull", ImageCommands.Pull::new);
    commands.put("push", ImageCommands.Push::new);
    commands.put("rm", ImageCommands.Remove::new);
    commands.put("save", ImageCommands.Save::new);
    commands.put("tag", ImageCommands.Tag::new);
    return commands;
  }

  private static Map<String, Supplier<Base>> network() {
    Map<String, Supplier<Base>> commands = new LinkedHashMap<>();
    commands.put("connect", NetworkCommands.Connect::new);
    commands.put("create", NetworkCommands.Create::new);
    commands.put("disconnect", NetworkCommands.Disconnect::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("inspect", NetworkCommands.Inspect::new);
    commands.put("ls", NetworkCommands.ListNetworks::new);
    commands.put("prune", NetworkCommands.Prune::new);
    commands.put("rm", NetworkCommands.Remove::new);
    return commands;
  }

  private static Map<String, Supplier<Base>> volume() {
    Map<String, Supplier<Base>> commands = new LinkedHashMap<>();
    commands.put("bench", VolumeFigureCommands.Bench::new);
    commands.put("copy", VolumeObjectCommands.Copy::new);
    commands.put("create", VolumeCommands.Create::new);
    commands.put("export", VolumeObjectCommands.Export::new);
    commands.put("import", VolumeObjectCommands.Import::new);
    commands.put("inspect", VolumeCommands.Inspect::new);
    commands.put("ls", VolumeCommands.ListVolumes::new);
    commands.put("prune", VolumeCommands.Prune::new);
    commands.put("rename", VolumeObjectCommands.Rename::new);
    commands.put("restore", VolumeSnapshotCommands.Restore::new);
    commands.put("rm", VolumeCommands.Remove::new);
    commands.put("snapshot", VolumeSnapshotCommands.Take::new);
    commands.put("snapshot-rm", VolumeSnapshotCommands.Remove::new);
    commands.put("snapshots", VolumeSnapshotCommands.ListSnapshots::new);
    commands.put("stats", VolumeFigureCommands.Stats::new);
    commands.put("update", VolumeObjectCommands.Update::new);
    return commands;
  }

  private static Map<String, Supplier<Base>> system() {
    Map<String, Supplier<Base>> commands = new LinkedHashMap<>();
    commands.put("df", DiskUseCommand::new);
    commands.put("dial-stdio", DialCommand::new);
    commands.put("events", SystemCommands.Events::new);
    commands.put("info", SystemCommands.Info::new);
    commands.put("prune", SystemPruneCommand::new);
    return commands;
  }

  private static Map<String, Supplier<Base>> plugin() {
    Map<String, Supplier<Base>> commands = new LinkedHashMap<>();
    commands.put("create", PluginCommands.Create::new);
    commands.put("disable", PluginCommands.Disable::new);
    commands.put("enable", PluginCommands.Enable::new);
    commands.put("inspect", PluginCommands.Inspect::new);
    commands.put("install", PluginInstallCommands.Install::new);
    commands.put("ls", PluginCommands.ListPlugins::new);
    commands.put("push", PluginInstallCommands.Push::new);
    commands.put("rm", PluginCommands.Remove::new);
    commands.put("set", PluginCommands.Set::new);
    commands.put("upgrade", PluginInstallCommands.Upgrade::new);
    return commands;
  }

  private static Map<String, String> aliases() {
    Map<String, String> aliases = new LinkedHashMap<>();
    for (String group : List.of("container", "image", "network", "volume", "plugin")) {
      aliases.put(group + " list", "ls");
      aliases.put(group + " remove", "rm");
    }
    aliases.put("container ps", "ls");
    return aliases;
  }

  private static Map<String, String> descriptions() {
    Map<String, String> groups = new LinkedHashMap<>();
    groups.put("builder", "Manage builds");
    groups.put("container", "Manage containers");
    groups.put("image", "Manage images");
    groups.put("network", "Manage networks");
    groups.put("plugin", "Manage plugins");
    groups.put("system", "Manage the engine");
    groups.put("volume", "Manage volumes");
    return groups;
  }

  private static Map<String, String> elsewhere() {
    Map<String, String> instead = new LinkedHashMap<>();
    instead.put(
        "context",
        "name the engine by --host, BERTH_HOST or DOCKER_HOST; contexts that docker made are read"
            + " (--context, DOCKER_CONTEXT, docker context use)");
    for (String name : List.of("swarm", "node", "service", "stack", "secret", "config")) {
      instead.put(name, "Berth runs on one host, without Swarm");
    }
    instead.put("checkpoint", "Berth does not take checkpoints of containers");
    instead.put("manifest", "use a tool for registries, such as skopeo or regctl");
    instead.put("trust", "Docker Content Trust is not supported");
    return instead;
  }

  private static Map<String, Map<String, Supplier<Base>>> groups() {
    Map<String, Map<String, Supplier<Base>>> groups = new LinkedHashMap<>();
    groups.put(
        "builder", Map.of("build", BuildCommand::new, "prune", BuilderPruneCommand::new));
    groups.put("container", CONTAINER);
    groups.put("image", IMAGE);
    groups.put("network", NETWORK);
    groups.put("plugin", PLUGIN);
    groups.put("system", SYSTEM);
    groups.put("volume", VOLUME);
    return groups;
  }

  private static Map<String, Supplier<Base>> alone() {
    Map<String, Supplier<Base>> commands = new LinkedHashMap<>();
    CONTAINER.forEach((name, command) -> {
      if (!List.of("inspect", "ls", "prune").contains(name)) {
        commands.put(name, command);
      }
    });
    commands.put("ps", ViewCommands.ListContainers::new);
    commands.put("images", ImageCommands.ListImages::new);
    commands.put("rmi", ImageCommands.Remove::new);
    for (String name :
        List.of("build", "history", "import", "load", "pull", "push", "save", "tag")) {
      commands.put(name, IMAGE.get(name));
    }
    commands.put("completion", CompletionCommand::new);
    commands.put("login", RegistryCommands.Login::new);
    commands.put("logout", RegistryCommands.Logout::new);
    commands.put("inspect", SystemCommands.Inspect::new);
    commands.put("info", SystemCommands.Info::new);
    commands.put("events", SystemCommands.Events::new);
    commands.put("search", SearchCommand::new);
    commands.put("version", SystemCommands.Version::new);
    return commands;
  }
}
