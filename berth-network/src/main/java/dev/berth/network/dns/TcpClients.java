package dev.berth.network.dns;

import dev.berth.linux.EventLoop;
import dev.berth.linux.Fd;
import dev.berth.linux.LinuxException;
import dev.berth.network.firewall.HostNamespace;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * Clients that ask by TCP, mostly because an answer was too large for UDP. They are read by the
 * thread that serves; a question that others must be asked takes a virtual thread, up to a limit.
 * Clients too many push out the oldest, so that nobody can hold all the room by keeping still.
 */
final class TcpClients {
  private static final System.Logger LOG = System.getLogger(TcpClients.class.getName());
  static final int MOST_OF_A_SANDBOX = 64;
  private static final int MOST_ASKING = 256;

  private final Responder responder;
  private final TcpForwarder forwarder;
  private final Semaphore asking = new Semaphore(MOST_ASKING);
  private final Deque<TcpClient> clients = new ConcurrentLinkedDeque<>();

  TcpClients(HostNamespace host, Responder responder, Upstreams upstreams) {
    this.responder = responder;
    this.forwarder = new TcpForwarder(host, upstreams);
  }

  /** Takes new clients over; on the thread that serves. */
  void accept(OpenSandbox sandbox, EventLoop loop) {
    Fd socket = sandbox.accept();
    if (socket == null) {
      return;
    }
    makeRoom(sandbox);
    TcpClient client = new TcpClient(sandbox, socket);
    clients.add(client);
    try {
      client.watch(loop, events -> read(client));
    } catch (LinuxException e) {
      LOG.log(System.Logger.Level.DEBUG, "client lost", e);
      close(client);
    }
  }

  private void makeRoom(OpenSandbox sandbox) {
    int held = 0;
    TcpClient oldest = null;
    for (TcpClient client : clients) {
      if (client.sandbox() == sandbox) {
        held++;
        oldest = oldest == null ? client : oldest;
      }
    }
    if (held >= MOST_OF_A_SANDBOX && oldest != null) {
      close(oldest);
    }
  }

  private void read(TcpClient client) {
    try {
      if (!client.read()) {
        if (client.finish()) {
          close(client);
        }
        return;
      }
      for (byte[] message = client.next(); message != null; message = client.next()) {
        Query query = Query.parse(message, message.length);
        if (query == null) {
          close(client);
          return;
        }
        answer(client, query);
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "client lost", e);
      close(client);
    }
  }

  private void answer(TcpClient client, Query query) {
    byte[] known = responder.answer(client.sandbox(), query);
    if (known != null) {
      reply(client, known);
    } else if (asking.tryAcquire()) {
      client.expectAnswer();
      Thread.ofVirtual().name("berth-dns-tcp").start(() -> ask(client, query));
    } else {
      reply(client, Answer.empty(query, Wire.SERVER_FAILURE));
    }
  }

  private void ask(TcpClient client, Query query) {
    try {
      reply(client, forwarder.ask(client.sandbox(), query));
    } finally {
      asking.release();
      if (client.answered()) {
        close(client);
      }
    }
  }

  /** A client that does not take its answer is given up. */
  private void reply(TcpClient client, byte[] answer) {
    if (!client.write(answer)) {
      close(client);
    }
  }

  private void close(TcpClient client) {
    clients.remove(client);
    client.close();
  }

  /** Ends the clients of a sandbox. */
  void drop(OpenSandbox sandbox) {
    clients.stream().filter(client -> client.sandbox() == sandbox).toList().forEach(this::close);
  }

  void close() {
    clients.forEach(this::close);
  }
}
