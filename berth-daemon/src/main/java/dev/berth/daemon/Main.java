package dev.berth.daemon;

import dev.berth.core.EngineException;
import dev.berth.core.Signals;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code bin/berthd}: the engine in the foreground, with dockerd's flags. */
public final class Main {
  private static final System.Logger LOG = System.getLogger(Main.class.getName());
  private static final ServiceManager MANAGER = ServiceManager.of(System.getenv());
  private static final int FAILED = 1;

  private Main() {}

  /** Runs until a signal ends it; exits with 1 when it cannot start. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    try {
      Settings settings = Settings.read(arguments);
      if (settings.isSet(Setting.HELP)) {
        System.out.print(Usage.text());
        return 0;
      }
      if (settings.isSet(Setting.VERSION)) {
        System.out.println("Berth version 0.1.0, Engine API 1.24 to 1.51");
        return 0;
      }
      DaemonConfiguration configuration = DaemonConfiguration.of(settings);
      configuration.hosts().check();
      if (settings.flag(Setting.VALIDATE, false)) {
        System.out.println("configuration OK");
        return 0;
      }
      return serve(arguments, settings, configuration);
    } catch (EngineException refused) {
      System.err.println("berthd: " + refused.text());
      LOG.log(System.Logger.Level.DEBUG, "the start failed", refused);
      return FAILED;
    }
  }

  private static int serve(
      List<String> arguments, Settings settings, DaemonConfiguration configuration) {
    logAs(configuration.logging());
    settings
        .notices()
        .forEach((flag, reason) ->
            LOG.log(System.Logger.Level.INFO, flag + " is accepted and has no effect: " + reason));
    configuration
        .hosts()
        .warnings()
        .forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
    if (TlsConfiguration.isNeedless(settings, configuration.hosts().tls())) {
      LOG.log(
          System.Logger.Level.WARNING,
          "files of TLS are named but TLS is not: it takes --tlsverify or --tls");
    }
    CountDownLatch ended = new CountDownLatch(1);
    try (DataRootLock _ = DataRootLock.take(configuration.engine().dataRoot());
        PidFile _ = PidFile.write(configuration.pidFile());
        Wiring wiring = Wiring.open(configuration)) {
      Signals.handle("TERM", signal -> ended.countDown());
      Signals.handle("INT", signal -> ended.countDown());
      Signals.handle("HUP", signal -> reload(arguments, wiring));
      LOG.log(System.Logger.Level.INFO, "API listen on " + wiring.listeners());
      MANAGER.ready();
      ended.await();
      MANAGER.stopping();
      LOG.log(System.Logger.Level.INFO, "ending; containers go on");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static void logAs(DaemonConfiguration.Logging logging) {
    EngineLog.threshold(logging.level());
    EngineLog.asJson(logging.json());
  }

  /** A file that cannot be read leaves everything as it was. */
  private static void reload(List<String> arguments, Wiring wiring) {
    MANAGER.reloading();
    try {
      DaemonConfiguration configuration = DaemonConfiguration.of(Settings.read(arguments));
      logAs(configuration.logging());
      boolean more = wiring.reload(configuration);
      LOG.log(
          System.Logger.Level.INFO,
          "reloaded the configuration"
              + (more ? "; what else was changed takes effect at the next start" : ""));
    } catch (EngineException refused) {
      LOG.log(System.Logger.Level.ERROR, "the configuration was not reloaded: " + refused.text());
    }
    MANAGER.ready();
  }
}
