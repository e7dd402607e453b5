package dev.berth.network.dns;

import dev.berth.core.EngineException;
import dev.berth.linux.DatagramBatch;
import dev.berth.linux.LinuxException;
import dev.berth.network.firewall.HostNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Passes questions on by UDP, on a thread of its own. All attempts together take less than the five
 * seconds after which resolvers give up, see resolv.conf(5). How many questions are under way is
 * bounded, for each sandbox so that it cannot take the room of others.
 */
final class Forwarder {
  static final int DNS_PORT = 53;
  static final Duration ATTEMPT = Duration.ofMillis(1300);
  static final int ATTEMPTS = 3;
  static final int MOST_OF_A_SANDBOX = 512;
  private static final int MOST = 8192;
  private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());

  private final HostNamespace host;
  private final Upstreams upstreams;
  private final RandomGenerator random;
  private final DnsFigures figures;
  private final Thread thread =
      Thread.ofPlatform().name("berth-dns-ask").daemon().unstarted(this::run);
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger total = new AtomicInteger();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Wire.MAXIMUM_BYTES);
  private final DatagramBatch reply = new DatagramBatch(1, Wire.LARGEST_UDP_BYTES);
  private final Map<Upstream, UpstreamSocket> hostSockets = new HashMap<>();
  private final List<UpstreamSocket> worn = new ArrayList<>();
  private final Set<PendingQuery> underWay = new LinkedHashSet<>();
  private volatile @Nullable Selector selector;

  Forwarder(
      HostNamespace host, Upstreams upstreams, RandomGenerator random, DnsFigures figures) {
    this.host = host;
    this.upstreams = upstreams;
    this.random = random;
    this.figures = figures;
  }

  /** Starts the thread. */
  void start() {
    try {
      // The platform looks at the host's addresses once: not from inside of a sandbox.
      DatagramChannel.open().close();
      selector = Selector.open();
    } catch (IOException e) {
      throw EngineException.internal("cannot start the name server", e);
    }
    thread.start();
  }

  /**
   * Takes a question over, which gets its answer later.
   *
   * @return whether there was room for it
   */
  boolean submit(OpenSandbox sandbox, Query query, long client) {
    if (total.get() >= MOST || sandbox.forwarded().get() >= MOST_OF_A_SANDBOX) {
      return false;
    }
    total.incrementAndGet();
    sandbox.forwarded().incrementAndGet();
    return execute(() -> begin(new PendingQuery(sandbox, query, client)));
  }

  /** Closes the sockets of a sandbox that is no longer served. */
  void drop(OpenSandbox sandbox) {
    execute(() -> {
      sandbox.upstreamSockets().values().forEach(UpstreamSocket::close);
      sandbox.upstreamSockets().clear();
      List<PendingQuery> given = underWay.stream().filter(p -> p.sandbox() == sandbox).toList();
      given.forEach(this::end);
    });
  }

  private boolean execute(Runnable task) {
    Selector open = selector;
    if (open == null) {
      return false;
    }
    tasks.add(task);
    open.wakeup();
    return true;
  }

  private void run() {
    Selector open = selector;
    try {
      while (open != null && open.isOpen()) {
        open.select(Forwarder::dispatch, expire(System.nanoTime()));
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
      }
    } catch (java.nio.channels.ClosedSelectorException e) {
      LOG.log(System.Logger.Level.TRACE, "closed");
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "questions are no longer passed on", e);
    }
  }

  private static void dispatch(SelectionKey key) {
    try {
      ((Ready) key.attachment()).ready();
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "an answer was lost", e);
      key.cancel();
    }
  }

  private void begin(PendingQuery pending) {
    try {
      pending.ask(upstreams.of(pending.sandbox()));
      attempt(pending);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "a question was lost", e);
      finish(pending, pending.lastResort());
    }
  }

  private void attempt(PendingQuery pending) {
    underWay.remove(pending);
    Upstream upstream = pending.next(ATTEMPTS);
    while (upstream != null) {
      try {
        socket(pending.sandbox(), upstream).send(pending, random);
        pending.deadline(System.nanoTime() + ATTEMPT.toNanos());
        underWay.add(pending);
        return;
      } catch (IOException | LinuxException | EngineException e) {
        LOG.log(System.Logger.Level.DEBUG, "cannot ask " + upstream, e);
        upstream = pending.next(ATTEMPTS);
      }
    }
    finish(pending, pending.lastResort());
  }

  private UpstreamSocket socket(OpenSandbox sandbox, Upstream upstream) throws IOException {
    Map<Upstream, UpstreamSocket> sockets =
        upstream.fromHost() ? hostSockets : sandbox.upstreamSockets();
    UpstreamSocket socket = sockets.get(upstream);
    if (socket != null && socket.channel().isOpen() && !socket.worn()) {
      return socket;
    }
    if (socket != null) {
      worn.add(socket);
    }
    DatagramChannel channel =
        upstream.fromHost()
            ? host.call(DatagramChannel::open)
            : sandbox.inside(DatagramChannel::open);
    UpstreamSocket fresh = new UpstreamSocket(channel);
    try {
      channel.connect(new InetSocketAddress(upstream.address(), DNS_PORT));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, (Ready) () -> answers(fresh));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    sockets.put(upstream, fresh);
    return fresh;
  }

  private void answers(UpstreamSocket socket) throws IOException {
    while (true) {
      buffer.clear();
      try {
        if (socket.channel().read(buffer) <= 0) {
          return;
        }
      } catch (PortUnreachableException e) {
        socket.takeAll().forEach(this::unanswered);
        return;
      }
      byte[] answer = new byte[buffer.flip().remaining()];
      buffer.get(answer);
      PendingQuery pending = socket.take(answer, answer.length);
      if (pending != null) {
        answered(pending, answer);
      }
    }
  }

  private void answered(PendingQuery pending, byte[] answer) {
    Upstream from = pending.asked();
    if (from != null) {
      upstreams.health().answered(pending.sandbox(), from);
    }
    byte[] adopted = pending.query().adopt(answer);
    if (discouraging(adopted)) {
      pending.remember(adopted);
      attempt(pending);
      return;
    }
    upstreams.cache(pending.sandbox()).put(pending.query(), adopted, System.nanoTime());
    finish(pending, adopted);
  }

  private void unanswered(PendingQuery pending) {
    Upstream silent = pending.asked();
    if (silent != null) {
      upstreams.health().silent(pending.sandbox(), silent, System.nanoTime());
    }
    attempt(pending);
  }

  private void finish(PendingQuery pending, byte[] answer) {
    end(pending);
    byte[] fitting = Answer.fitUdp(pending.query(), answer);
    if (reply.add(pending.client(), fitting, fitting.length)) {
      pending.sandbox().send(reply);
    }
    figures.forwarded(System.nanoTime() - pending.begunNanos());
  }

  private void end(PendingQuery pending) {
    pending.forgetSocket();
    underWay.remove(pending);
    total.decrementAndGet();
    pending.sandbox().forwarded().decrementAndGet();
  }

  /** Whether another server may know better. */
  static boolean discouraging(byte[] answer) {
    int code = Wire.responseCode(answer);
    return code == Wire.SERVER_FAILURE || code == Wire.REFUSED || code == Wire.NOT_IMPLEMENTED;
  }

  /** Goes on with what has waited too long; returns how long the next one may wait, 0 for ever. */
  private long expire(long nowNanos) {
    Iterator<PendingQuery> oldest = underWay.iterator();
    List<PendingQuery> late = new ArrayList<>();
    long wait = 0;
    while (oldest.hasNext() && wait == 0) {
      PendingQuery pending = oldest.next();
      long left = pending.deadlineNanos() - nowNanos;
      if (left <= 0) {
        late.add(pending);
      } else {
        wait = Math.max(1, left / 1_000_000);
      }
    }
    for (PendingQuery pending : late) {
      pending.forgetSocket();
      unanswered(pending);
    }
    worn.removeIf(socket -> {
      if (socket.idle()) {
        socket.close();
      }
      return socket.idle();
    });
    return late.isEmpty() || wait > 0 || underWay.isEmpty() ? wait : ATTEMPT.toMillis();
  }

  /** Ends the thread and closes all sockets. */
  void close() {
    Selector open = selector;
    if (open == null) {
      return;
    }
    try {
      open.close();
      thread.join();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot close", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
    hostSockets.values().forEach(UpstreamSocket::close);
    worn.forEach(UpstreamSocket::close);
  }

  /** What a selection key carries. */
  @FunctionalInterface
  interface Ready {
    void ready() throws IOException;
  }
}
