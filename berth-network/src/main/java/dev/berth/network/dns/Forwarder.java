package dev.berth.network.dns;

import dev.berth.core.EngineException;
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
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Passes questions on by UDP. All attempts together take less than the five seconds after which
 * resolvers give up, see resolv.conf(5). Used by the thread that serves.
 */
final class Forwarder {
  static final int DNS_PORT = 53;
  private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());
  private static final Duration ATTEMPT = Duration.ofMillis(1300);
  private static final int ATTEMPTS = 3;
  private static final int MAXIMUM_UNDER_WAY = 8192;

  private final Selector selector;
  private final HostNamespace host;
  private final AnswerCache cache;
  private final RandomGenerator random;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Wire.MAXIMUM_BYTES);
  private final Map<Upstream, UpstreamSocket> hostSockets = new HashMap<>();
  private final List<UpstreamSocket> worn = new ArrayList<>();
  private final Set<PendingQuery> underWay = new LinkedHashSet<>();

  Forwarder(Selector selector, HostNamespace host, AnswerCache cache, RandomGenerator random) {
    this.selector = selector;
    this.host = host;
    this.cache = cache;
    this.random = random;
  }

  /** Asks the servers one after the other and replies with the best that comes. */
  void forward(OpenSandbox sandbox, Query query, List<Upstream> upstreams, Consumer<byte[]> reply) {
    AnswerCache.Key key = cacheKey(sandbox, query);
    byte[] known = cache.find(key, query, System.nanoTime());
    if (known != null) {
      reply.accept(known);
    } else if (upstreams.isEmpty() || underWay.size() >= MAXIMUM_UNDER_WAY) {
      reply.accept(Answer.empty(query, Wire.SERVER_FAILURE));
    } else {
      attempt(new PendingQuery(sandbox, query, upstreams, key, reply));
    }
  }

  /** Servers that were given explicitly may mean others in each sandbox. */
  static AnswerCache.Key cacheKey(OpenSandbox sandbox, Query query) {
    DnsSandbox description = sandbox.description();
    String owner = description.upstreams() == null ? "" : description.sandboxId();
    return new AnswerCache.Key(owner, query.name(), query.type(), query.variant());
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
    pending.fail();
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
        upstream.fromHost() ? host.call(DatagramChannel::open) : sandbox.sockets().openUdp();
    UpstreamSocket fresh = new UpstreamSocket(channel);
    try {
      channel.connect(new InetSocketAddress(upstream.address(), DNS_PORT));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, (Ready) () -> answers(fresh));
    } catch (IOException e) {
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
        socket.takeAll().forEach(this::attempt);
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
    byte[] adopted = pending.query().adopt(answer);
    if (discouraging(adopted)) {
      pending.remember(adopted);
      attempt(pending);
      return;
    }
    underWay.remove(pending);
    cache.put(pending.cacheKey(), pending.query(), adopted, System.nanoTime());
    pending.finish(adopted);
  }

  /** Whether another server may know better. */
  static boolean discouraging(byte[] answer) {
    int code = Wire.responseCode(answer);
    return code == Wire.SERVER_FAILURE || code == Wire.REFUSED || code == Wire.NOT_IMPLEMENTED;
  }

  /** Goes on with what has waited too long; returns how long the next one may wait, 0 for ever. */
  long expire(long nowNanos) {
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
      attempt(pending);
    }
    worn.removeIf(socket -> {
      if (socket.idle()) {
        socket.close();
      }
      return socket.idle();
    });
    return late.isEmpty() || wait > 0 || underWay.isEmpty() ? wait : ATTEMPT.toMillis();
  }

  /** Closes the sockets of a sandbox that is no longer served. */
  void drop(OpenSandbox sandbox) {
    sandbox.upstreamSockets().values().forEach(UpstreamSocket::close);
    sandbox.upstreamSockets().clear();
    underWay.removeIf(pending -> pending.sandbox() == sandbox);
  }

  void close() {
    hostSockets.values().forEach(UpstreamSocket::close);
    worn.forEach(UpstreamSocket::close);
  }

  /** What a selection key carries. */
  @FunctionalInterface
  interface Ready {
    void ready() throws IOException;
  }
}
