package dev.berth.daemon;

import dev.berth.engine.EngineSettings;
import dev.berth.engine.Resources.Ulimit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the settings of containers. */
final class EngineConfiguration {
  private static final Pattern ULIMIT = Pattern.compile("(?:([a-z]+)=)?(-?[0-9]+)(?::(-?[0-9]+))?");
  private static final Pattern SIZE = Pattern.compile("([0-9]+) ?([kmgt]?)i?b?");
  private static final int SHUTDOWN_SECONDS = 15;

  private EngineConfiguration() {}

  static EngineSettings of(Settings settings) {
    return new EngineSettings(
        absolute(settings, Setting.DATA_ROOT, DaemonConfiguration.DEFAULT_DATA_ROOT),
        absolute(settings, Setting.EXEC_ROOT, DaemonConfiguration.DEFAULT_EXEC_ROOT),
        labels(settings),
        defaults(settings),
        DaemonConfiguration.oneOf(
            settings, Setting.LOG_DRIVER, List.of("json-file", "local", "none")),
        settings.map(Setting.LOG_OPT),
        Duration.ofSeconds(settings.number(Setting.SHUTDOWN_TIMEOUT, SHUTDOWN_SECONDS)),
        settings.flag(Setting.DEBUG, false),
        Set.copyOf(settings.list(Setting.INSECURE_REGISTRY)),
        settings.list(Setting.REGISTRY_MIRROR));
  }

  private static Path absolute(Settings settings, Setting setting, String otherwise) {
    Path path = Path.of(settings.text(setting, otherwise));
    return path.toAbsolutePath().normalize();
  }

  private static List<String> labels(Settings settings) {
    List<String> labels = settings.list(Setting.LABEL);
    for (String label : labels) {
      if (label.indexOf('=') <= 0) {
        throw DaemonConfiguration.invalid(Setting.LABEL, label, "it must be of the form key=value");
      }
    }
    return labels;
  }

  private static EngineSettings.ContainerDefaults defaults(Settings settings) {
    return new EngineSettings.ContainerDefaults(
        settings.text(Setting.DEFAULT_RUNTIME, "crun"),
        settings.flag(Setting.INIT, false),
        settings.text(Setting.INIT_PATH, ""),
        shmSize(settings),
        DaemonConfiguration.oneOf(
            settings, Setting.DEFAULT_IPC_MODE, List.of("private", "shareable")),
        DaemonConfiguration.oneOf(
            settings, Setting.DEFAULT_CGROUPNS_MODE, List.of("", "private", "host")),
        settings.text(Setting.CGROUP_PARENT, ""),
        cgroupDriver(settings),
        ulimits(settings),
        settings.flag(Setting.NO_NEW_PRIVILEGES, false),
        seccompProfile(settings));
  }

  private static long shmSize(Settings settings) {
    String text = settings.text(Setting.DEFAULT_SHM_SIZE, "64m");
    Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw DaemonConfiguration.invalid(
          Setting.DEFAULT_SHM_SIZE, text, "it must be a number with b, k, m or g");
    }
    int power = matcher.group(2).isEmpty() ? 0 : " kmgt".indexOf(matcher.group(2));
    return Long.parseLong(matcher.group(1)) << (10 * power);
  }

  private static String cgroupDriver(Settings settings) {
    String driver = "cgroupfs";
    for (String option : settings.list(Setting.EXEC_OPT)) {
      if (!option.startsWith("native.cgroupdriver=")) {
        throw DaemonConfiguration.invalid(
            Setting.EXEC_OPT, option, "only native.cgroupdriver=cgroupfs|systemd is known");
      }
      driver = option.substring("native.cgroupdriver=".length());
      if (!driver.equals("cgroupfs") && !driver.equals("systemd")) {
        throw DaemonConfiguration.invalid(
            Setting.EXEC_OPT, option, "the driver must be cgroupfs or systemd");
      }
      if (driver.equals("systemd") && !Files.isDirectory(Path.of("/run/systemd/system"))) {
        throw DaemonConfiguration.invalid(
            Setting.EXEC_OPT, option, "this system was not booted with systemd");
      }
    }
    return driver;
  }

  private static Map<String, Ulimit> ulimits(Settings settings) {
    Map<String, Ulimit> ulimits = new LinkedHashMap<>();
    settings
        .map(Setting.DEFAULT_ULIMIT)
        .forEach((name, value) -> {
          Matcher matcher = ULIMIT.matcher(value);
          if (!matcher.matches()) {
            throw DaemonConfiguration.invalid(
                Setting.DEFAULT_ULIMIT, name + "=" + value, "it must be NAME=SOFT[:HARD]");
          }
          long soft = Long.parseLong(matcher.group(2));
          long hard = matcher.group(3) == null ? soft : Long.parseLong(matcher.group(3));
          ulimits.put(name, new Ulimit(name, soft, hard));
        });
    return ulimits;
  }

  private static String seccompProfile(Settings settings) {
    String profile = settings.text(Setting.SECCOMP_PROFILE, "");
    boolean word = profile.isEmpty() || profile.equals("unconfined");
    if (profile.equals("builtin")) {
      return "";
    }
    if (!word && !Files.isReadable(Path.of(profile))) {
      throw DaemonConfiguration.invalid(Setting.SECCOMP_PROFILE, profile, "no such file");
    }
    return profile;
  }
}
