package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.LiveContainer.Run;
import dev.berth.runtime.Capabilities;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.ExecSpec;
import dev.berth.runtime.ProcessSpec;
import dev.berth.runtime.ProcessUser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in the runtime's words what a further process in a container is. */
final class ExecPlan {
  private static final String STANDARD_PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Features features;
  private final ContainerSandboxes sandboxes;

  ExecPlan(Features features, ContainerSandboxes sandboxes) {
    this.features = features;
    this.sandboxes = sandboxes;
  }

  /**
   * What to run.
   *
   * @param id of the exec
   * @param command the program with its arguments
   * @param environment added to the container's
   * @param workingDirectory empty for the container's
   * @param user empty for the container's
   * @param privileged nearly everything is allowed
   * @param tty whether it gets a terminal
   * @param stdin whether it has an input
   * @param size of the terminal
   */
  record Wish(
      String id,
      List<String> command,
      @Nullable List<String> environment,
      String workingDirectory,
      String user,
      boolean privileged,
      boolean tty,
      boolean stdin,
      @Nullable ConsoleSize size) {}

  /** The whole exec. */
  ExecSpec plan(LiveContainer container, Wish wish) {
    Run run = container.run();
    if (run == null) {
      throw ContainerStop.notRunning(container);
    }
    ContainerConfig.Command command = container.spec().config().command();
    PasswordFiles.Identity user = user(container, run, wish, command);
    String directory =
        wish.workingDirectory().isEmpty() ? command.workingDirectory() : wish.workingDirectory();
    return new ExecSpec(
        wish.id(),
        new ProcessSpec(
            wish.command(),
            environment(container, wish, user.home()),
            directory.isEmpty() ? "/" : directory,
            new ProcessUser(user.uid(), user.gid(), user.additionalGids()),
            wish.tty(),
            wish.size(),
            false,
            List.of()),
        wish.privileged() ? Capabilities.all() : null,
        !wish.privileged() && noNewPrivileges(container),
        wish.stdin(),
        false);
  }

  private boolean noNewPrivileges(LiveContainer container) {
    Boolean choice =
        SecurityChoices.parse(
                SpecValidation.orEmpty(container.spec().host().security().securityOptions()))
            .noNewPrivileges();
    return choice == null ? features.settings().defaults().noNewPrivileges() : choice;
  }

  private List<String> environment(LiveContainer container, Wish wish, String home) {
    ContainerConfig config = container.spec().config();
    List<String> standard = new ArrayList<>();
    standard.add(STANDARD_PATH);
    standard.add("HOSTNAME=" + config.identity().hostname());
    if (wish.tty()) {
      standard.add("TERM=xterm");
    }
    standard.addAll(sandboxes.linkVariables(container));
    List<String> asked = new ArrayList<>(SpecValidation.orEmpty(config.command().environment()));
    asked.addAll(SpecValidation.orEmpty(wish.environment()));
    return LaunchPlan.environment(standard, asked, home);
  }

  /** The files are read through the process's own root, so that mounts upon them count. */
  private static PasswordFiles.Identity user(
      LiveContainer container, Run run, Wish wish, ContainerConfig.Command command) {
    String name = wish.user().isEmpty() ? command.user() : wish.user();
    List<String> additional =
        SpecValidation.orEmpty(container.spec().host().security().additionalGroups());
    Path root = Path.of("/proc/" + run.process().pid() + "/root");
    try (ImageFiles files = new ImageFiles(root)) {
      return files.passwords().resolve(name, additional);
    } catch (dev.berth.linux.LinuxException gone) {
      throw new EngineException(
          dev.berth.core.ErrorKind.CONFLICT,
          "container " + container.id() + " is not running",
          gone);
    }
  }
}
