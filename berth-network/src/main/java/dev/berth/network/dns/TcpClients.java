package dev.berth.network.dns;

import dev.berth.core.EngineException;
import dev.berth.linux.LinuxException;
import dev.berth.network.firewall.HostNamespace;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask by TCP, mostly because an answer was too large for UDP: a virtual thread each,
 * up to a limit. Their questions are passed on by TCP.
 */
final class TcpClients {
  private static final System.Logger LOG = System.getLogger(TcpClients.class.getName());
  private static final int MAXIMUM_CLIENTS = 256;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration ATTEMPT = Duration.ofMillis(1300);
  private static final int ATTEMPTS = 3;

  private final HostNamespace host;
  private final AnswerCache cache;
  private final BiFunction<OpenSandbox, Query, byte @Nullable []> local;
  private final Function<OpenSandbox, List<Upstream>> upstreams;
  private final Semaphore clients = new Semaphore(MAXIMUM_CLIENTS);

  /**
   * @param local the answer that needs nobody else; null when others have to be asked
   * @param upstreams whom to ask
   */
  TcpClients(
      HostNamespace host,
      AnswerCache cache,
      BiFunction<OpenSandbox, Query, byte @Nullable []> local,
      Function<OpenSandbox, List<Upstream>> upstreams) {
    this.host = host;
    this.cache = cache;
    this.local = local;
    this.upstreams = upstreams;
  }

  /** Takes a client over; one too many is turned away. */
  void serve(OpenSandbox sandbox, SocketChannel client) throws IOException {
    if (!clients.tryAcquire()) {
      client.close();
      return;
    }
    client.configureBlocking(true);
    Thread.ofVirtual().name("berth-dns-tcp").start(() -> converse(sandbox, client));
  }

  private void converse(OpenSandbox sandbox, SocketChannel client) {
    try (Socket socket = client.socket()) {
      socket.setSoTimeout((int) IDLE.toMillis());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        byte[] message = readMessage(in);
        Query query = Query.parse(message, message.length);
        if (query == null) {
          return;
        }
        byte[] answer = local.apply(sandbox, query);
        writeMessage(socket.getOutputStream(), answer == null ? ask(sandbox, query) : answer);
      }
    } catch (EOFException e) {
      LOG.log(System.Logger.Level.TRACE, "client has gone");
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "client lost", e);
    } finally {
      clients.release();
    }
  }

  private byte[] ask(OpenSandbox sandbox, Query query) {
    AnswerCache.Key key = Forwarder.cacheKey(sandbox, query);
    byte[] known = cache.find(key, query, System.nanoTime());
    if (known != null) {
      return known;
    }
    List<Upstream> servers = upstreams.apply(sandbox);
    byte[] best = Answer.empty(query, Wire.SERVER_FAILURE);
    for (Upstream upstream : servers.subList(0, Math.min(ATTEMPTS, servers.size()))) {
      try {
        byte[] answer = query.adopt(exchange(sandbox, upstream, query));
        if (!Forwarder.discouraging(answer)) {
          cache.put(key, query, answer, System.nanoTime());
          return answer;
        }
        best = answer;
      } catch (IOException | LinuxException | EngineException e) {
        LOG.log(System.Logger.Level.DEBUG, "cannot ask " + upstream, e);
      }
    }
    return best;
  }

  private byte[] exchange(OpenSandbox sandbox, Upstream upstream, Query query) throws IOException {
    SocketChannel channel =
        upstream.fromHost() ? host.call(SocketChannel::open) : sandbox.sockets().openTcp();
    try (Socket socket = channel.socket()) {
      int patience = (int) ATTEMPT.toMillis();
      socket.connect(new InetSocketAddress(upstream.address(), Forwarder.DNS_PORT), patience);
      socket.setSoTimeout(patience);
      writeMessage(socket.getOutputStream(), query.message());
      byte[] answer = readMessage(new DataInputStream(socket.getInputStream()));
      if (!query.answeredBy(answer, answer.length)) {
        throw new IOException("the answer is to another question");
      }
      return answer;
    }
  }

  private static byte[] readMessage(DataInputStream in) throws IOException {
    byte[] message = new byte[in.readUnsignedShort()];
    in.readFully(message);
    return message;
  }

  private static void writeMessage(OutputStream out, byte[] message) throws IOException {
    byte[] framed = new byte[message.length + 2];
    Wire.putInt16(framed, 0, message.length);
    System.arraycopy(message, 0, framed, 2, message.length);
    out.write(framed);
    out.flush();
  }
}
