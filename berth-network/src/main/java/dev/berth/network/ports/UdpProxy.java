package dev.berth.network.ports;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Carries datagrams from held ports to containers: one thread and one buffer for all ports, and a
 * socket for each visitor, so that answers find back.
 */
final class UdpProxy implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(UdpProxy.class.getName());
  private static final int DATAGRAM_BYTES = 65_535;
  private static final int MAXIMUM_VISITORS = 1024;
  private static final Duration IDLE = Duration.ofSeconds(90);

  private static final Duration TURN = Duration.ofSeconds(1);

  private final Selector selector;
  private final Queue<CountDownLatch> turns = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_BYTES);
  private final Map<Visitor, Session> sessions = new HashMap<>();

  /** A port under watch. */
  private record Port(DatagramChannel channel, HeldPort held) {}

  private record Visitor(DatagramChannel port, SocketAddress address) {}

  private static final class Session {
    private final Visitor visitor;
    private final DatagramChannel channel;
    private long lastUsedNanos;

    Session(Visitor visitor, DatagramChannel channel) {
      this.visitor = visitor;
      this.channel = channel;
    }
  }

  private UdpProxy(Selector selector) {
    this.selector = selector;
    this.thread = Thread.ofPlatform().name("berth-udp-proxy").daemon().unstarted(this::run);
  }

  /** Starts the thread. */
  static UdpProxy start() throws IOException {
    UdpProxy proxy = new UdpProxy(Selector.open());
    proxy.thread.start();
    return proxy;
  }

  /** Begins to carry what arrives at a port, until its channel is closed. */
  void carry(DatagramChannel channel, HeldPort held) throws IOException {
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Port(channel, held));
    selector.wakeup();
  }

  /** Closes a port's channel and waits until its port is free, for which the thread has to turn. */
  void release(DatagramChannel channel) throws IOException {
    channel.close();
    CountDownLatch turned = new CountDownLatch(1);
    turns.add(turned);
    selector.wakeup();
    try {
      if (!turned.await(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(System.Logger.Level.WARNING, "a UDP port is given back late");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long nextSweep = System.nanoTime() + IDLE.toNanos();
    try {
      while (selector.isOpen()) {
        selector.select(this::ready, IDLE.toMillis() / 2);
        for (CountDownLatch turned = turns.poll(); turned != null; turned = turns.poll()) {
          turned.countDown();
        }
        if (System.nanoTime() - nextSweep > 0) {
          sweep();
          nextSweep = System.nanoTime() + IDLE.toNanos() / 2;
        }
      }
    } catch (ClosedSelectorException e) {
      LOG.log(System.Logger.Level.TRACE, "closed");
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "no more datagrams are carried", e);
    }
  }

  private void ready(SelectionKey key) {
    try {
      switch (key.attachment()) {
        case Port port -> inward(port);
        case Session session -> outward(session);
        default -> throw new IllegalStateException("unknown key");
      }
    } catch (ClosedChannelException e) {
      key.cancel();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "datagram lost", e);
    }
  }

  private void inward(Port port) throws IOException {
    buffer.clear();
    SocketAddress from = port.channel().receive(buffer);
    buffer.flip();
    if (from == null) {
      return;
    }
    Visitor visitor = new Visitor(port.channel(), from);
    Session session = sessions.get(visitor);
    if (session == null) {
      session = open(port, visitor);
    }
    if (session != null) {
      session.lastUsedNanos = System.nanoTime();
      session.channel.write(buffer);
    }
  }

  private @Nullable Session open(Port port, Visitor visitor) throws IOException {
    InetSocketAddress peer = (InetSocketAddress) visitor.address();
    InetSocketAddress target = port.held().target(peer.getAddress());
    if (target == null || sessions.size() >= MAXIMUM_VISITORS) {
      return null;
    }
    DatagramChannel channel = port.held().open(DatagramChannel::open);
    channel.connect(target);
    channel.configureBlocking(false);
    Session session = new Session(visitor, channel);
    channel.register(selector, SelectionKey.OP_READ, session);
    sessions.put(visitor, session);
    return session;
  }

  private void outward(Session session) throws IOException {
    buffer.clear();
    if (session.channel.read(buffer) <= 0) {
      return;
    }
    buffer.flip();
    session.lastUsedNanos = System.nanoTime();
    try {
      session.visitor.port().send(buffer, session.visitor.address());
    } catch (ClosedChannelException e) {
      sessions.remove(session.visitor);
      close(session);
    }
  }

  private void sweep() {
    long oldest = System.nanoTime() - IDLE.toNanos();
    sessions
        .values()
        .removeIf(session -> {
          boolean idle = session.lastUsedNanos - oldest < 0 || !session.visitor.port().isOpen();
          if (idle) {
            close(session);
          }
          return idle;
        });
  }

  private static void close(Session session) {
    try {
      session.channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot close", e);
    }
  }

  @Override
  public void close() throws IOException {
    selector.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sessions.values().forEach(UdpProxy::close);
  }
}
