package dev.berth.daemon;

import dev.berth.core.EngineException;
import dev.berth.engine.EngineSettings;
import dev.berth.image.StorageDrivers;
import dev.berth.network.NetworkSettings;
import dev.berth.network.firewall.FirewallSettings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the settings mean.
 *
 * @param hosts where the API is served
 * @param metrics where figures are served; null for nowhere
 * @param authorization plugins that are asked about each request, in this order
 * @param pidFile holds the process id
 * @param engine of containers
 * @param network of networks
 * @param nameTtl how long clients may keep the names of containers
 * @param firewall of the packet filter
 * @param firewallBackend {@code iptables} or {@code nftables}
 * @param storageDriver keeps roots of containers; empty for the first that works
 * @param storageOptions of that driver
 * @param runtimes program by name
 * @param userlandProxy whether ports that the packet filter cannot translate are carried by the
 *     engine
 * @param transfers limits of pulls and pushes
 * @param logging of the engine itself
 */
record DaemonConfiguration(
    Hosts hosts,
    @Nullable InetSocketAddress metrics,
    List<String> authorization,
    Path pidFile,
    EngineSettings engine,
    NetworkSettings network,
    Duration nameTtl,
    FirewallSettings firewall,
    String firewallBackend,
    String storageDriver,
    List<String> storageOptions,
    Map<String, String> runtimes,
    boolean userlandProxy,
    Transfers transfers,
    Logging logging) {

  static final String DEFAULT_HOST = "unix:///run/berth.sock";
  static final String DEFAULT_DATA_ROOT = "/var/lib/berth";
  static final String DEFAULT_EXEC_ROOT = "/run/berth";
  static final String DEFAULT_PID_FILE = "/run/berth.pid";

  private static final int MAXIMUM_PORT = 65535;
  private static final int DOWNLOADS = 3;
  private static final int UPLOADS = 5;

  /**
   * How many layers are transferred at a time.
   *
   * @param downloads of one pull
   * @param uploads of one push
   */
  record Transfers(int downloads, int uploads) {}

  /**
   * The engine's own log.
   *
   * @param level entries from this one on are shown
   * @param json whether they are JSON objects
   */
  record Logging(System.Logger.Level level, boolean json) {}

  /**
   * Gives the settings their meaning.
   *
   * @throws EngineException of kind INVALID that names the flag and what is wrong with its value
   */
  static DaemonConfiguration of(Settings settings) {
    if (!settings.flag(Setting.LIVE_RESTORE, true)) {
      throw invalid(
          Setting.LIVE_RESTORE, "false", "containers always go on when this engine stops");
    }
    return new DaemonConfiguration(
        Hosts.of(settings, System.getenv()),
        metrics(settings),
        settings.list(Setting.AUTHORIZATION_PLUGIN),
        Path.of(settings.text(Setting.PIDFILE, DEFAULT_PID_FILE)),
        EngineConfiguration.of(settings),
        NetworkConfiguration.of(settings),
        NetworkConfiguration.nameTtl(settings),
        NetworkConfiguration.firewall(settings),
        oneOf(settings, Setting.FIREWALL_BACKEND, List.of("iptables", "nftables")),
        storageDriver(settings),
        settings.list(Setting.STORAGE_OPT),
        runtimes(settings),
        settings.flag(Setting.USERLAND_PROXY, true),
        transfers(settings),
        logging(settings));
  }

  private static @Nullable InetSocketAddress metrics(Settings settings) {
    String text = settings.text(Setting.METRICS_ADDR, "");
    if (text.isEmpty()) {
      return null;
    }
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAXIMUM_PORT) {
      throw invalid(Setting.METRICS_ADDR, text, "it must be HOST:PORT");
    }
    String host = text.substring(0, colon).replaceAll("^\\[|]$", "");
    return host.isEmpty()
        ? new InetSocketAddress(Integer.parseInt(port))
        : new InetSocketAddress(host, Integer.parseInt(port));
  }

  /** The value of a setting that knows only these; the first is its default. */
  static String oneOf(Settings settings, Setting setting, List<String> known) {
    String value = settings.text(setting, known.getFirst());
    if (!known.contains(value)) {
      throw invalid(setting, value, "it must be one of " + String.join(", ", known));
    }
    return value;
  }

  /** A value that cannot be used. */
  static EngineException invalid(Setting setting, String value, String reason) {
    return EngineException.invalid("invalid --" + setting.flag() + " \"" + value + "\": " + reason);
  }

  private static String storageDriver(Settings settings) {
    String driver = settings.text(Setting.STORAGE_DRIVER, "");
    StorageDrivers.require(driver, settings.list(Setting.STORAGE_OPT));
    return driver;
  }

  private static Map<String, String> runtimes(Settings settings) {
    Map<String, String> runtimes = new java.util.LinkedHashMap<>();
    runtimes.put("crun", "crun");
    runtimes.put("runc", "runc");
    settings
        .map(Setting.ADD_RUNTIME)
        .forEach((name, value) -> {
          if (value.startsWith("{")) {
            throw invalid(
                Setting.ADD_RUNTIME, name, "only a program's path is supported, no options");
          }
          runtimes.put(name, value);
        });
    return Map.copyOf(runtimes);
  }

  private static Transfers transfers(Settings settings) {
    int downloads = settings.number(Setting.MAX_CONCURRENT_DOWNLOADS, DOWNLOADS);
    int uploads = settings.number(Setting.MAX_CONCURRENT_UPLOADS, UPLOADS);
    if (downloads < 0 || uploads < 0) {
      throw EngineException.invalid(
          "invalid max concurrent transfers: " + Math.min(downloads, uploads));
    }
    return new Transfers(downloads == 0 ? DOWNLOADS : downloads, uploads == 0 ? UPLOADS : uploads);
  }

  private static Logging logging(Settings settings) {
    String word = settings.text(Setting.LOG_LEVEL, "info");
    System.Logger.Level level =
        switch (word) {
          case "trace" -> System.Logger.Level.TRACE;
          case "debug" -> System.Logger.Level.DEBUG;
          case "info" -> System.Logger.Level.INFO;
          case "warn", "warning" -> System.Logger.Level.WARNING;
          case "error", "fatal", "panic" -> System.Logger.Level.ERROR;
          default ->
              throw invalid(
                  Setting.LOG_LEVEL, word, "it must be one of debug, info, warn, error, fatal");
        };
    boolean debug = settings.flag(Setting.DEBUG, false);
    String format = oneOf(settings, Setting.LOG_FORMAT, List.of("text", "json"));
    return new Logging(debug ? System.Logger.Level.DEBUG : level, format.equals("json"));
  }
}
