package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code create} and {@code run}. */
final class RunCommands {
  private static final int ENGINE_REFUSED = 125;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  private RunCommands() {}

  /** What both share: the options and how a container is made of them. */
  abstract static class Creating extends Base {
    @Override
    boolean stopsAtPositional() {
      return true;
    }

    @Override
    int refusedCode() {
      return ENGINE_REFUSED;
    }

    /** As Docker words what keeps a container from being made. */
    @Override
    String failure(String text) {
      return "berth: " + text + "\n\nRun 'berth run --help' for more information";
    }
    @Mixin ProcessOptions process = new ProcessOptions();
    @Mixin NetworkOptions networks = new NetworkOptions();
    @Mixin StorageOptions storage = new StorageOptions();
    @Mixin ResourceOptions resources = new ResourceOptions();
    @Mixin HostOptions host = new HostOptions();

    @Option(names = "--name", description = "Name of the container.")
    @Nullable String name;

    @Option(names = "--platform", description = "Platform of the image.")
    @Nullable String platform;

    @Option(names = "--pull", description = "Pull the image: always, missing or never.")
    String pull = "missing";

    @Option(
        names = "--disable-content-trust",
        arity = "0..1",
        hidden = true,
        fallbackValue = "true",
        description = "Accepted, since images are never verified by that.")
    boolean withoutTrust;

    @Option(names = "--cidfile", description = "Write the container's id to this file.")
    @Nullable String cidFile;

    @Option(
        names = {"-q", "--quiet"},
        description = "Do not show the progress of a pull.")
    boolean quiet;

    @Parameters(index = "0", paramLabel = "IMAGE")
    String image = "";

    @Parameters(index = "1..*", paramLabel = "COMMAND")
    List<String> command = List.of();

    ContainerRequest request() {
      ContainerRequest request = new ContainerRequest();
      process.fill(request, image, command);
      networks.fill(request);
      storage.fill(request);
      resources.fill(request.host());
      host.fill(request);
      return request;
    }

    /** Makes the container, pulling its image where that is asked for, and returns its id. */
    String create(ContainerRequest request) {
      if (!List.of("always", "missing", "never").contains(pull)) {
        throw new CliException(
            ENGINE_REFUSED,
            "invalid pull option: '"
                + pull
                + "': must be one of \"always\", \"missing\" or \"never\"");
      }
      if (cidFile != null && Files.exists(Path.of(cidFile))) {
        throw new CliException(
            ENGINE_REFUSED,
            "container ID file found, make sure the other container isn't running or delete "
                + cidFile);
      }
      if (pull.equals("always")) {
        Images.pull(engine(), image, platform, quiet, err());
      }
      Query query = Query.none().with("name", name).with("platform", platform);
      JsonNode created;
      try {
        created = engine().post("/containers/create", query, request.config());
      } catch (ApiException refused) {
        boolean missing = refused.status() == 404 && refused.text().contains("No such image");
        if (!missing || !pull.equals("missing")) {
          throw refused;
        }
        err().println("Unable to find image '" + ImageNames.familiar(image) + "' locally");
        Images.pull(engine(), image, platform, quiet, err());
        created = engine().post("/containers/create", query, request.config());
      }
      created.path("Warnings").forEach(warning -> err().println("WARNING: " + warning.asText()));
      String id = created.path("Id").asText();
      writeIdFile(id);
      return id;
    }

    private void writeIdFile(String id) {
      if (cidFile != null) {
        try {
          Files.writeString(Path.of(cidFile), id);
        } catch (IOException failure) {
          throw new CliException(
              ENGINE_REFUSED, "failed to create the container ID file: " + failure);
        }
      }
    }
  }

  /** Makes a container without starting it. */
  @Command(
      name = "create",
      customSynopsis = "[OPTIONS] IMAGE [COMMAND] [ARG...]",
      description = "Create a new container.")
  static final class Create extends Creating {
    @Option(
        names = {"-a", "--attach"},
        description = "Attach to STDIN, STDOUT or STDERR.")
    List<String> attach = List.of();

    @Override
    int refusedCode() {
      return 1;
    }

    @Override
    String failure(String text) {
      return text;
    }

    @Override
    public Integer call() {
      ContainerRequest request = request();
      request.config().put("AttachStdout", true).put("AttachStderr", true);
      request
          .config()
          .put("AttachStdin", process.interactive)
          .put("StdinOnce", process.interactive);
      out().println(create(request));
      return 0;
    }
  }

  /** Makes a container, starts it, and stays with it until it ends. */
  @Command(
      name = "run",
      customSynopsis = "[OPTIONS] IMAGE [COMMAND] [ARG...]",
      description = "Create and run a new container from an image.")
  static final class Run extends Creating {
    @Option(
        names = {"-d", "--detach"},
        arity = "0..1",
        fallbackValue = "true",
        description = "Run in the background and print the container's id.")
    boolean detach;

    @Option(
        names = {"-a", "--attach"},
        description = "Attach to STDIN, STDOUT or STDERR.")
    List<String> attach = List.of();

    @Option(
        names = "--sig-proxy",
        arity = "0..1",
        fallbackValue = "true",
        defaultValue = "true",
        description = "Pass received signals on to the process.")
    boolean signalProxy = true;

    @Option(names = "--detach-keys", description = "Keys that detach from the container.")
    @Nullable String detachKeys;

    @Override
    public Integer call() throws IOException {
      ContainerRequest request = request();
      List<String> streams = streams();
      fillAttach(request.config(), streams);
      if (process.tty && streams.contains("stdin") && !detach && !Terminal.inputIsTerminal()) {
        throw new CliException(1, "the input device is not a TTY");
      }
      String id = "";
      try {
        id = create(request);
        return detach ? background(id) : foreground(id, streams);
      } catch (ApiException refused) {
        return refusal(refused, id);
      }
    }

    private List<String> streams() {
      List<String> streams = new ArrayList<>();
      attach.forEach(stream -> streams.add(stream.toLowerCase(Locale.ROOT)));
      if (streams.isEmpty() && !detach) {
        streams.addAll(List.of("stdout", "stderr"));
        if (process.interactive) {
          streams.add("stdin");
        }
      }
      return streams;
    }

    private void fillAttach(ObjectNode config, List<String> streams) {
      config.put("AttachStdin", streams.contains("stdin"));
      config.put("AttachStdout", streams.contains("stdout"));
      config.put("AttachStderr", streams.contains("stderr"));
      config.put("StdinOnce", process.interactive && streams.contains("stdin"));
      Terminal.Size size = process.tty ? Terminal.size() : null;
      if (size != null) {
        ((ObjectNode) config.get("HostConfig"))
            .putArray("ConsoleSize")
            .add(size.rows())
            .add(size.columns());
      }
    }

    private int background(String id) {
      engine().post("/containers/" + id + "/start");
      out().println(id);
      return 0;
    }

    private int foreground(String id, List<String> streams) throws IOException {
      Foreground foreground =
          new Foreground(
              engine(), id, new Foreground.Options(process.tty, detachKeys, signalProxy));
      return foreground.run(
          streams,
          host.remove ? "removed" : "next-exit",
          () -> engine().post("/containers/" + id + "/start"));
    }

    /**
     * What a shell shows for a program that cannot be started; 125 when the engine itself refused.
     */
    private int refusal(ApiException refused, String id) {
      err().println(failure(refused.shown()));
      String text = refused.text();
      if (id.isEmpty()) {
        return ENGINE_REFUSED;
      }
      if (text.contains("executable file not found")
          || text.contains("no such file or directory")
          || text.contains("system cannot find the file specified")) {
        return NOT_FOUND;
      }
      return text.contains("permission denied") || text.contains("is a directory")
          ? NOT_EXECUTABLE
          : ENGINE_REFUSED;
    }
  }
}
