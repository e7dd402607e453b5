package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands on registries, and the archive of a container. */
final class RegistryCommands {
  private RegistryCommands() {}

  /** Checks credentials and keeps them. */
  @Command(name = "login", description = "Authenticate to a registry.")
  static final class Login extends Base {
    @Option(
        names = {"-u", "--username"},
        description = "User name.")
    @Nullable String user;

    @Option(
        names = {"-p", "--password"},
        description = "Password.")
    @Nullable String password;

    @Option(names = "--password-stdin", description = "Read the password from standard input.")
    boolean passwordFromInput;

    @Parameters(index = "0", arity = "0..1", paramLabel = "SERVER")
    String server = Credentials.PUBLIC_REGISTRY;

    @Override
    public Integer call() throws IOException {
      String name = user == null ? asked("Username: ", false) : user;
      String secret = secret();
      JsonNode answer =
          engine().post("/auth", Query.none(), Credentials.body(server, name, secret));
      Credentials.ofUser().keep(server, name, secret);
      out().println(answer.path("Status").asText("Login Succeeded"));
      return 0;
    }

    private String secret() throws IOException {
      if (passwordFromInput) {
        String text = new String(in().readAllBytes(), StandardCharsets.UTF_8);
        return text.replaceAll("\r?\n$", "");
      }
      return password == null ? asked("Password: ", true) : password;
    }

    private static String asked(String prompt, boolean hidden) throws IOException {
      if (!Terminal.inputIsTerminal()) {
        throw new CliException(
            1,
            "Cannot perform an interactive login from a non TTY device: use --username and"
                + " --password-stdin");
      }
      return Terminal.ask(prompt, hidden);
    }
  }

  /** Forgets credentials. */
  @Command(name = "logout", description = "Log out from a registry.")
  static final class Logout extends Base {
    @Parameters(index = "0", arity = "0..1", paramLabel = "SERVER")
    String server = Credentials.PUBLIC_REGISTRY;

    @Override
    public Integer call() {
      out().println("Removing login credentials for " + server);
      if (!Credentials.ofUser().forget(server)) {
        out().println("Not logged in to " + server);
      }
      return 0;
    }
  }

  /** Writes a container's files into an archive. */
  @Command(name = "export", description = "Export a container's filesystem as a tar archive.")
  static final class Export extends Base {
    @Option(
        names = {"-o", "--output"},
        description = "Write to this file instead of STDOUT.")
    @Nullable String output;

    @Parameters(index = "0", paramLabel = "CONTAINER")
    String container = "";

    @Override
    public Integer call() throws IOException {
      if (output == null && Terminal.outputIsTerminal()) {
        throw new CliException(
            1, "cowardly refusing to save to a terminal. Use the -o flag or redirect");
      }
      String path = LifeCommands.OnContainers.path(container, "export");
      try (HttpExchange exchange = engine().open("GET", path, null, Map.of());
          OutputStream to = output == null ? out() : new FileOutputStream(output)) {
        exchange.body().transferTo(to);
      }
      return 0;
    }
  }
}
