package dev.berth.network.firewall;

import java.time.Duration;

/**
 * Notices within a second when others change the rules, for instance a reload of firewalld or a
 * flush, and has the engine's put back. Looking costs one question to the kernel; comparing is done
 * only when its answer is new.
 */
public final class FirewallGuard implements AutoCloseable {
  /** How often to look, so that noticing and healing take less than a second together. */
  public static final Duration USUAL_INTERVAL = Duration.ofMillis(250);

  private static final System.Logger LOG = System.getLogger(FirewallGuard.class.getName());

  private final FirewallBackend firewall;
  private final Duration interval;
  private final Thread thread =
      Thread.ofVirtual().name("berth-firewall-guard").unstarted(this::run);
  private volatile boolean closed;

  /**
   * @param firewall is asked and healed
   * @param interval between two looks
   */
  public FirewallGuard(FirewallBackend firewall, Duration interval) {
    this.firewall = firewall;
    this.interval = interval;
  }

  /** Begins to watch; to be called once, after the state was applied. */
  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        Thread.sleep(interval);
        look();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING, "cannot restore the firewall's rules, trying again", e);
      }
    }
  }

  private void look() {
    if (firewall.disturbed()) {
      FirewallDrift drift = firewall.heal();
      if (!drift.clean()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "firewall rules were changed by others and have been restored: {0} missing, {1} foreign",
            drift.missing().size(),
            drift.foreign().size());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
