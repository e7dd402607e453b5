package dev.berth.engine;

import dev.berth.core.EngineException;
import dev.berth.engine.ContainerConfig.Command;
import dev.berth.engine.ContainerConfig.Healthcheck;
import dev.berth.engine.ContainerConfig.Identity;
import dev.berth.engine.ContainerConfig.Stop;
import dev.berth.image.ImageConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Joins what a user asked with what the image says; the user wins. */
final class ImageMerge {
  private ImageMerge() {}

  /**
   * The configuration in effect.
   *
   * @throws EngineException INVALID when neither names a command
   */
  static ContainerConfig merge(ContainerConfig user, ImageConfig image) {
    Identity identity = user.identity();
    return new ContainerConfig(
        user.image(),
        new Identity(
            identity.hostname(),
            identity.domainname(),
            identity.macAddress(),
            labels(identity.labels(), image.labels())),
        command(user.command(), image),
        user.streams(),
        union(user.exposedPorts(), image.exposedPorts()),
        union(user.volumes(), absolute(image.volumes())),
        new Stop(
            isEmpty(user.stop().signal()) ? image.stopSignal() : user.stop().signal(),
            user.stop().timeoutSeconds()),
        healthcheck(user.healthcheck(), image.healthcheck()),
        user.networkDisabled(),
        user.onBuild() == null && !image.onBuild().isEmpty() ? image.onBuild() : user.onBuild());
  }

  private static Command command(Command user, ImageConfig image) {
    List<String> entrypoint = user.entrypoint();
    List<String> arguments = user.arguments();
    boolean argsEscaped = user.argsEscaped();
    if (entrypoint == null || entrypoint.isEmpty()) {
      if (arguments == null || arguments.isEmpty()) {
        arguments = image.cmd();
        argsEscaped = image.argsEscaped();
      }
      if (entrypoint == null) {
        entrypoint = image.entrypoint();
      }
    }
    if (entrypoint != null && entrypoint.size() == 1 && entrypoint.getFirst().isEmpty()) {
      entrypoint = null;
    }
    boolean nothing =
        (entrypoint == null || entrypoint.isEmpty()) && (arguments == null || arguments.isEmpty());
    if (nothing) {
      throw EngineException.invalid("no command specified");
    }
    return new Command(
        entrypoint,
        arguments,
        environment(user.environment(), image.env()),
        user.workingDirectory().isEmpty() ? image.workingDir() : user.workingDirectory(),
        user.user().isEmpty() ? image.user() : user.user(),
        user.shell() == null || user.shell().isEmpty() ? image.shell() : user.shell(),
        argsEscaped);
  }

  private static List<String> environment(@Nullable List<String> user, List<String> image) {
    List<String> merged = new ArrayList<>(user == null ? List.of() : user);
    Set<String> named = new HashSet<>();
    merged.forEach(entry -> named.add(variableName(entry)));
    for (String entry : image) {
      if (named.add(variableName(entry))) {
        merged.add(entry);
      }
    }
    return merged;
  }

  /** The name of a {@code NAME=value} entry. */
  static String variableName(String entry) {
    int equals = entry.indexOf('=');
    return equals < 0 ? entry : entry.substring(0, equals);
  }

  private static Map<String, String> labels(
      @Nullable Map<String, String> user, Map<String, String> image) {
    Map<String, String> merged = new LinkedHashMap<>(image);
    if (user != null) {
      merged.putAll(user);
    }
    return merged;
  }

  /** Old images declare volumes by relative paths, which mean those below the root. */
  private static Set<String> absolute(Set<String> volumes) {
    Set<String> paths = new LinkedHashSet<>();
    volumes.forEach(path -> paths.add(path.startsWith("/") ? path : "/" + path));
    return paths;
  }

  private static @Nullable Set<String> union(@Nullable Set<String> user, Set<String> image) {
    if (image.isEmpty()) {
      return user;
    }
    Set<String> merged = new LinkedHashSet<>(user == null ? Set.of() : user);
    merged.addAll(image);
    return merged;
  }

  private static @Nullable Healthcheck healthcheck(
      @Nullable Healthcheck user, dev.berth.image.@Nullable Healthcheck image) {
    if (image == null) {
      return user;
    }
    if (user == null) {
      user = new Healthcheck(null, 0, 0, 0, 0, 0);
    }
    return new Healthcheck(
        user.test() == null || user.test().isEmpty() ? image.test() : user.test(),
        orElse(user.intervalNanos(), image.interval().toNanos()),
        orElse(user.timeoutNanos(), image.timeout().toNanos()),
        orElse(user.startPeriodNanos(), image.startPeriod().toNanos()),
        orElse(user.startIntervalNanos(), image.startInterval().toNanos()),
        user.retries() == 0 ? image.retries() : user.retries());
  }

  private static long orElse(long asked, long inherited) {
    return asked == 0 ? inherited : asked;
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}
