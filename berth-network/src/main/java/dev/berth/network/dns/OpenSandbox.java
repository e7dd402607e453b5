package dev.berth.network.dns;

import dev.berth.linux.DatagramBatch;
import dev.berth.linux.EventLoop;
import dev.berth.linux.Fd;
import dev.berth.linux.InternetSockets;
import dev.berth.linux.Namespaces;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A sandbox that is being served. */
final class OpenSandbox implements AutoCloseable {
  /** Kept answers to a sandbox's own servers. */
  private static final int CACHED_ANSWERS = 256;

  private final SandboxSockets sockets;
  private final AnswerBook book = new AnswerBook();
  private final AnswerCache cache = new AnswerCache(CACHED_ANSWERS);
  private final AtomicInteger forwarded = new AtomicInteger();
  private final Map<Upstream, UpstreamSocket> upstreamSockets = new HashMap<>();
  private final List<EventLoop.Registration> registrations = new ArrayList<>();
  // Held while a socket is in use: its number must not be given to another file meanwhile. Nothing
  // that is done under it waits.
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;
  private volatile DnsSandbox description;
  private volatile List<Upstream> askedServers = List.of();

  OpenSandbox(DnsSandbox description, SandboxSockets sockets) {
    this.description = description;
    this.sockets = sockets;
  }

  /** Begins to listen. */
  void watch(EventLoop loop, EventLoop.Handler questions, EventLoop.Handler connections) {
    lock.lock();
    try {
      if (!closed) {
        registrations.add(loop.register(sockets.udp(), EventLoop.READABLE, questions));
        registrations.add(loop.register(sockets.tcp(), EventLoop.READABLE, connections));
      }
    } finally {
      lock.unlock();
    }
  }

  DnsSandbox description() {
    return description;
  }

  void describe(DnsSandbox changed) {
    description = changed;
  }

  /** Answers ready to be sent again; only for the thread that serves. */
  AnswerBook book() {
    return book;
  }

  /** Answers that came from inside of the sandbox by asking these servers. */
  AnswerCache cache(List<Upstream> servers) {
    if (!servers.equals(askedServers)) {
      cache.clear();
      askedServers = servers;
    }
    return cache;
  }

  /** How many of its questions others are being asked. */
  AtomicInteger forwarded() {
    return forwarded;
  }

  /** Receives questions; 0 when there is none, or when it is closed. */
  int receive(DatagramBatch batch) {
    lock.lock();
    try {
      return closed ? 0 : batch.receive(sockets.udp());
    } finally {
      lock.unlock();
    }
  }

  /** Sends answers, unless it is closed. */
  void send(DatagramBatch batch) {
    lock.lock();
    try {
      if (!closed) {
        sockets.send(batch);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A client that has connected; null when there is none. */
  @Nullable Fd accept() {
    lock.lock();
    try {
      return closed ? null : InternetSockets.accept(sockets.tcp());
    } finally {
      lock.unlock();
    }
  }

  /** Opens a channel inside of the sandbox, to ask others. */
  <T> T inside(Callable<T> opening) throws IOException {
    try (Fd namespace = namespace()) {
      return Namespaces.inNetwork(namespace, opening);
    }
  }

  private Fd namespace() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new ClosedChannelException();
      }
      return sockets.namespace();
    } finally {
      lock.unlock();
    }
  }

  /** The sockets for asking others; only for the thread that forwards. */
  Map<Upstream, UpstreamSocket> upstreamSockets() {
    return upstreamSockets;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        registrations.forEach(EventLoop.Registration::close);
        sockets.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
