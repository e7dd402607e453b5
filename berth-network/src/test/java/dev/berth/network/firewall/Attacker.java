package dev.berth.network.firewall;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Somebody outside who tries without a pause to reach containers by routing to their addresses, and
 * what is closed on the host.
 */
final class Attacker implements AutoCloseable {
  private static final int PORT = 80;

  private final Lab lab;
  private final String[] addresses;
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger successes = new AtomicInteger();
  private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
  private volatile boolean ended;

  private Attacker(Lab lab, String... addresses) {
    this.lab = lab;
    this.addresses = addresses;
  }

  static Attacker start(Lab lab, String... addresses) {
    Attacker attacker = new Attacker(lab, addresses);
    attacker.thread.start();
    return attacker;
  }

  private void run() {
    while (!ended) {
      for (String address : addresses) {
        if (lab.reachesWithin("outside", address, PORT, 20)) {
          successes.incrementAndGet();
        }
        attempts.incrementAndGet();
      }
    }
  }

  /** Waits until so many more attempts were made. */
  void attempts(int more) throws InterruptedException {
    int wanted = attempts.get() + more;
    while (attempts.get() < wanted) {
      Thread.sleep(5);
    }
  }

  int successes() {
    return successes.get();
  }

  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
