package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands that change the life of existing containers. */
final class LifeCommands {
  private LifeCommands() {}

  /** Any command on containers named one after another. */
  abstract static class OnContainers extends Base {
    @Parameters(arity = "1..*", paramLabel = "CONTAINER")
    List<String> containers = List.of();

    static String path(String container, String action) {
      return "/containers/" + Query.segment(container) + "/" + action;
    }

    int post(String action, Query query) {
      return forEach(
          containers,
          name -> {
            try {
              engine().post(path(name, action), query, null);
            } catch (ApiException refused) {
              if (refused.status() != 304) {
                throw refused;
              }
            }
            return name;
          });
    }
  }

  /** Starts stopped containers. */
  @Command(name = "start", description = "Start one or more stopped containers.")
  static final class Start extends OnContainers {
    @Option(
        names = {"-a", "--attach"},
        description = "Attach its output and pass signals on.")
    boolean attach;

    @Option(
        names = {"-i", "--interactive"},
        description = "Attach its input.")
    boolean interactive;

    @Option(names = "--detach-keys", description = "Keys that detach from the container.")
    @Nullable String detachKeys;

    @Override
    public Integer call() throws IOException {
      if (!attach && !interactive) {
        return post("start", Query.none().with("detachKeys", detachKeys));
      }
      if (containers.size() > 1) {
        throw new CliException(1, "you cannot start and attach multiple containers at once");
      }
      JsonNode found = engine().get(path(containers.getFirst(), "json"));
      String id = found.path("Id").asText();
      boolean tty = found.path("Config").path("Tty").asBoolean();
      boolean stdin = interactive && found.path("Config").path("OpenStdin").asBoolean();
      boolean remove = found.path("HostConfig").path("AutoRemove").asBoolean();
      List<String> streams =
          stdin ? List.of("stdin", "stdout", "stderr") : List.of("stdout", "stderr");
      return new Foreground(engine(), id, new Foreground.Options(tty, detachKeys, true))
          .run(streams, remove ? "removed" : "next-exit", () -> engine().post(path(id, "start")));
    }
  }

  /** Stops running containers. */
  @Command(name = "stop", description = "Stop one or more running containers.")
  static final class Stop extends OnContainers {
    @Mixin StopOptions stop = new StopOptions();

    @Override
    public Integer call() {
      return post("stop", stop.query());
    }
  }

  /** Stops containers and starts them again. */
  @Command(name = "restart", description = "Restart one or more containers.")
  static final class Restart extends OnContainers {
    @Mixin StopOptions stop = new StopOptions();

    @Override
    public Integer call() {
      return post("restart", stop.query());
    }
  }

  /** Sends a signal. */
  @Command(name = "kill", description = "Kill one or more running containers.")
  static final class Kill extends OnContainers {
    @Option(
        names = {"-s", "--signal"},
        description = "Signal to send.")
    @Nullable String signal;

    @Override
    public Integer call() {
      return post("kill", Query.none().with("signal", signal));
    }
  }

  /** Freezes containers. */
  @Command(name = "pause", description = "Pause all processes within one or more containers.")
  static final class Pause extends OnContainers {
    @Override
    public Integer call() {
      return post("pause", Query.none());
    }
  }

  /** Thaws containers. */
  @Command(name = "unpause", description = "Unpause all processes within one or more containers.")
  static final class Unpause extends OnContainers {
    @Override
    public Integer call() {
      return post("unpause", Query.none());
    }
  }

  /** Waits for containers to end and prints their exit codes. */
  @Command(
      name = "wait",
      description = "Block until one or more containers stop, then print their exit codes.")
  static final class Wait extends OnContainers {
    @Override
    public Integer call() {
      return forEach(
          containers, name -> engine().post(path(name, "wait")).path("StatusCode").asText());
    }
  }

  /** Removes containers. */
  @Command(name = "rm", aliases = "remove", description = "Remove one or more containers.")
  static final class Remove extends OnContainers {
    @Option(
        names = {"-f", "--force"},
        description = "Kill it first if it runs.")
    boolean force;

    @Option(
        names = {"-v", "--volumes"},
        description = "Remove its anonymous volumes as well.")
    boolean volumes;

    @Option(
        names = {"-l", "--link"},
        description = "Remove the link of that name.")
    boolean link;

    @Override
    public Integer call() {
      Query query = Query.none().with("force", force).with("v", volumes).with("link", link);
      return forEach(
          containers,
          name -> {
            try {
              engine().delete("/containers/" + Query.segment(name), query);
            } catch (ApiException refused) {
              if (!(force && refused.status() == 404)) {
                throw refused;
              }
            }
            return name;
          });
    }
  }

  /** Gives a container another name. */
  @Command(name = "rename", description = "Rename a container.")
  static final class Rename extends Base {
    @Parameters(index = "0", paramLabel = "CONTAINER")
    String container = "";

    @Parameters(index = "1", paramLabel = "NEW_NAME")
    String name = "";

    @Override
    public Integer call() {
      engine().post(OnContainers.path(container, "rename"), Query.none().with("name", name), null);
      return 0;
    }
  }

  /** Changes limits and the restart policy. */
  @Command(name = "update", description = "Update configuration of one or more containers.")
  static final class Update extends OnContainers {
    @Mixin ResourceOptions resources = new ResourceOptions();

    @Option(names = "--restart", description = "no, on-failure[:N], always or unless-stopped.")
    @Nullable String restart;

    @Override
    public Integer call() {
      ObjectNode body = Json.MAPPER.createObjectNode();
      resources.fill(body);
      HostOptions.fillRestart(body, restart);
      if (body.isEmpty()) {
        throw new CliException(1, "you must provide one or more flags when using this command");
      }
      return forEach(
          containers,
          name -> {
            engine()
                .post(path(name, "update"), Query.none(), body)
                .path("Warnings")
                .forEach(warning -> err().println("WARNING: " + warning.asText()));
            return name;
          });
    }
  }

  /** Joins a running container. */
  @Command(name = "attach", description = "Attach to a running container.")
  static final class Attach extends Base {
    @Option(names = "--no-stdin", description = "Do not attach its input.")
    boolean noStdin;

    @Option(
        names = "--sig-proxy",
        arity = "0..1",
        fallbackValue = "true",
        defaultValue = "true",
        description = "Pass received signals on to the process.")
    boolean signalProxy = true;

    @Option(names = "--detach-keys", description = "Keys that detach from the container.")
    @Nullable String detachKeys;

    @Parameters(index = "0", paramLabel = "CONTAINER")
    String container = "";

    @Override
    public Integer call() throws IOException {
      JsonNode found = engine().get(OnContainers.path(container, "json"));
      if (!found.path("State").path("Running").asBoolean()) {
        throw new CliException(1, "cannot attach to a stopped container, start it first");
      }
      boolean tty = found.path("Config").path("Tty").asBoolean();
      boolean stdin = !noStdin && found.path("Config").path("OpenStdin").asBoolean();
      List<String> streams =
          stdin ? List.of("stdin", "stdout", "stderr") : List.of("stdout", "stderr");
      String id = found.path("Id").asText();
      return new Foreground(engine(), id, new Foreground.Options(tty, detachKeys, signalProxy))
          .run(streams, null, () -> {});
    }
  }

  /** Runs a further process in a container. */
  @Command(
      name = "exec",
      customSynopsis = "[OPTIONS] CONTAINER COMMAND [ARG...]",
      description = "Execute a command in a running container.")
  static final class Exec extends Base {
    @Override
    boolean stopsAtPositional() {
      return true;
    }

    @Option(
        names = {"-d", "--detach"},
        description = "Run it in the background.")
    boolean detach;

    @Option(
        names = {"-i", "--interactive"},
        description = "Attach its input.")
    boolean interactive;

    @Option(
        names = {"-t", "--tty"},
        description = "Give it a terminal.")
    boolean tty;

    @Option(
        names = {"-u", "--user"},
        description = "User or uid, and group or gid behind a colon.")
    @Nullable String user;

    @Option(
        names = {"-w", "--workdir"},
        description = "Working directory.")
    @Nullable String workdir;

    @Option(
        names = {"-e", "--env"},
        description = "Set an environment variable.")
    List<String> env = List.of();

    @Option(names = "--env-file", description = "Read environment variables from a file.")
    List<String> envFile = List.of();

    @Option(names = "--privileged", description = "Give it all privileges.")
    boolean privileged;

    @Option(names = "--detach-keys", description = "Keys that detach from it.")
    @Nullable String detachKeys;

    @Parameters(index = "0", paramLabel = "CONTAINER")
    String container = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND")
    List<String> command = List.of();

    @Override
    public Integer call() throws IOException {
      if (tty && interactive && !detach && !Terminal.inputIsTerminal()) {
        throw new CliException(1, "the input device is not a TTY");
      }
      String id =
          engine()
              .post(OnContainers.path(container, "exec"), Query.none(), body())
              .path("Id")
              .asText();
      ObjectNode start = Json.MAPPER.createObjectNode().put("Detach", detach).put("Tty", tty);
      if (detach) {
        engine().post("/exec/" + id + "/start", Query.none(), start);
        return 0;
      }
      try (HttpExchange exchange = engine().hijack("/exec/" + id + "/start", start);
          Terminal _ = tty && interactive ? Terminal.raw() : null) {
        Terminal.Size size = tty ? Terminal.size() : null;
        if (size != null) {
          engine()
              .post(
                  "/exec/" + id + "/resize",
                  Query.none().with("h", size.rows()).with("w", size.columns()),
                  null);
        }
        new AttachedStreams(exchange, tty).pump(interactive ? in() : null);
      }
      return engine().get("/exec/" + id + "/json").path("ExitCode").asInt();
    }

    private ObjectNode body() {
      ObjectNode body = Json.MAPPER.createObjectNode();
      body.put("AttachStdin", interactive && !detach);
      body.put("AttachStdout", !detach);
      body.put("AttachStderr", !detach);
      body.put("Tty", tty).put("Privileged", privileged);
      ContainerRequest.put(body, "User", user);
      ContainerRequest.put(body, "WorkingDir", workdir);
      ContainerRequest.put(body, "DetachKeys", detachKeys);
      List<String> variables = new java.util.ArrayList<>(ProcessOptions.lines(envFile));
      env.forEach(variable -> variables.addAll(ProcessOptions.resolved(variable)));
      ContainerRequest.put(body, "Env", variables);
      ContainerRequest.put(body, "Cmd", command);
      return body;
    }
  }
}
