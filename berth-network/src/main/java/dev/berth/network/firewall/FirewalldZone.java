package dev.berth.network.firewall;

import dev.berth.core.EngineException;
import dev.berth.linux.Capture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where firewalld guards the host, its own rules turn away what containers send: they accept only
 * what comes from interfaces in a zone that does. As Docker does, the engine has a zone {@code
 * docker} that accepts, a policy {@code docker-forwarding} that lets others in as far as the
 * engine's own rules do, and puts its bridges into that zone. Without firewalld all of it costs one
 * look for the socket of the message bus. Safe for use by several threads.
 *
 * @see <a
 *     href="https://firewalld.org/documentation/man-pages/firewalld.dbus.html">firewalld.dbus</a>
 */
final class FirewalldZone implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FirewalldZone.class.getName());

  /** The usual place of the bus's socket. */
  static final Path BUS = Path.of("/run/dbus/system_bus_socket");

  private static final String SERVICE = "org.fedoraproject.FirewallD1";
  private static final String OBJECT = "/org/fedoraproject/FirewallD1";
  private static final SystemBus.Target ZONES =
      new SystemBus.Target(SERVICE, OBJECT, SERVICE + ".zone");
  private static final SystemBus.Target POLICIES =
      new SystemBus.Target(SERVICE, OBJECT, SERVICE + ".policy");
  private static final String ZONE = "docker";
  private static final String POLICY = "docker-forwarding";
  private static final Path OWN_NETWORK = Path.of("/proc/self/ns/net");

  /** How long a change of a network waits for its place in the zone. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How long firewalld may take, as for a reload, before the connection is given up. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final HostNamespace host;
  private final Path socket;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition settled = lock.newCondition();
  private final Set<String> placed = new HashSet<>();
  private Set<String> wanted = Set.of();
  private long asked;
  private long done;
  private boolean working;
  private boolean closed;
  private volatile boolean inUse;

  FirewalldZone(HostNamespace host, Path socket) {
    this.host = host;
    this.socket = socket;
  }

  /** Lets exactly these bridges be in the zone, soon. */
  void want(Collection<FirewallNetwork> networks) {
    Set<String> bridges = new HashSet<>();
    networks.forEach(network -> bridges.add(network.bridge()));
    lock.lock();
    try {
      if (!bridges.equals(wanted)) {
        wanted = Set.copyOf(bridges);
        begin();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Looks again, soon, as firewalld may have come or forgotten. */
  void look() {
    lock.lock();
    try {
      begin();
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    if (closed || !host.isOwn() || !Files.exists(socket)) {
      inUse = false;
      return;
    }
    asked++;
    if (!working) {
      working = true;
      Thread.ofVirtual().name("berth-firewalld").start(this::work);
    }
  }

  /** Waits, where firewalld is at work, until what was wanted before is so; with a bound. */
  void settle() {
    if (!inUse) {
      return;
    }
    lock.lock();
    try {
      long target = asked;
      long left = PATIENCE.toNanos();
      while (done < target && working && left > 0) {
        left = settled.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    while (true) {
      long ticket;
      Set<String> bridges;
      lock.lock();
      try {
        if (done == asked || closed) {
          working = false;
          settled.signalAll();
          return;
        }
        ticket = asked;
        bridges = wanted;
      } finally {
        lock.unlock();
      }
      attempt(bridges);
      lock.lock();
      try {
        done = ticket;
        settled.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void attempt(Set<String> bridges) {
    try (SystemBus bus = SystemBus.open(socket)) {
      Thread watch = closeLate(bus);
      try {
        inUse = guards(bus);
        if (inUse) {
          establish(bus);
          place(bus, bridges);
        }
      } finally {
        watch.interrupt();
      }
    } catch (IOException | RuntimeException failure) {
      LOG.log(System.Logger.Level.WARNING, "firewalld's zone " + ZONE + " is not set up", failure);
    }
  }

  private static Thread closeLate(SystemBus bus) {
    return Thread.ofVirtual()
        .name("berth-firewalld-limit")
        .start(() -> {
          try {
            TimeUnit.NANOSECONDS.sleep(LONGEST.toNanos());
            bus.close();
          } catch (InterruptedException done) {
            // It answered in time.
          } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing the message bus", e);
          }
        });
  }

  /** Whether it runs, and in the network namespace of this engine. */
  private static boolean guards(SystemBus bus) throws IOException {
    SystemBus.Reply pid = bus.call(SystemBus.Target.BUS, "GetConnectionUnixProcessID", SERVICE);
    if (pid.failed()) {
      return false;
    }
    Path network = Path.of("/proc", Integer.toString(pid.number()), "ns", "net");
    return Files.exists(network)
        && Files.readSymbolicLink(network).equals(Files.readSymbolicLink(OWN_NETWORK));
  }

  /** Makes the zone and the policy, for good, where they are missing. */
  private void establish(SystemBus bus) throws IOException {
    SystemBus.Reply zones = bus.call(ZONES, "getZones");
    if (zones.failed()) {
      throw new IOException("firewalld says " + zones.text());
    }
    boolean zone = !zones.texts().contains(ZONE);
    if (zone) {
      tell("--permanent", "--new-zone=" + ZONE);
      tell("--permanent", "--zone=" + ZONE, "--set-target=ACCEPT");
    }
    SystemBus.Reply policies = bus.call(POLICIES, "getPolicies");
    // firewalld before 0.9 has no policies, and nothing that needs one.
    boolean policy = !policies.failed() && !policies.texts().contains(POLICY);
    if (policy) {
      tell("--permanent", "--new-policy=" + POLICY);
      tell("--permanent", "--policy=" + POLICY, "--add-ingress-zone=ANY");
      tell("--permanent", "--policy=" + POLICY, "--add-egress-zone=" + ZONE);
      tell("--permanent", "--policy=" + POLICY, "--set-target=ACCEPT");
    }
    if (zone || policy) {
      tell("--reload");
    }
  }

  private void tell(String... words) {
    List<String> command = new ArrayList<>(List.of("firewall-cmd"));
    command.addAll(List.of(words));
    Capture.Result result = host.run(command, "");
    String said = result.errors().strip();
    if (!result.status().isSuccess() && !said.contains("NAME_CONFLICT")) {
      throw EngineException.internal(String.join(" ", command) + " failed: " + said, null);
    }
  }

  private void place(SystemBus bus, Set<String> bridges) throws IOException {
    for (String bridge : bridges) {
      String zone = bus.call(ZONES, "getZoneOfInterface", bridge).text();
      if (zone.isEmpty()) {
        report(bridge, bus.call(ZONES, "addInterface", ZONE, bridge));
      } else if (!zone.equals(ZONE)) {
        LOG.log(System.Logger.Level.INFO, "{0} stays in firewalld''s zone {1}", bridge, zone);
      }
    }
    for (String gone : Set.copyOf(placed)) {
      if (!bridges.contains(gone)) {
        bus.call(ZONES, "removeInterface", ZONE, gone);
      }
    }
    placed.clear();
    placed.addAll(bridges);
  }

  private static void report(String bridge, SystemBus.Reply reply) {
    if (reply.failed()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "firewalld does not take {0} into its zone {1}: {2}",
          bridge,
          ZONE,
          reply.text());
    }
  }

  /** Ends the work; the bridges stay in the zone, as containers outlive the engine. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
