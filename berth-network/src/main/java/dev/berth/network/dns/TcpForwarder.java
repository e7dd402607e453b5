package dev.berth.network.dns;

import dev.berth.core.EngineException;
import dev.berth.linux.LinuxException;
import dev.berth.network.firewall.HostNamespace;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * Passes questions on by TCP, waiting for the answer. All attempts together take no longer than
 * those by UDP.
 */
final class TcpForwarder {
  private static final System.Logger LOG = System.getLogger(TcpForwarder.class.getName());

  private final HostNamespace host;
  private final Upstreams upstreams;

  TcpForwarder(HostNamespace host, Upstreams upstreams) {
    this.host = host;
    this.upstreams = upstreams;
  }

  /** The best answer that comes. */
  byte[] ask(OpenSandbox sandbox, Query query) {
    byte[] best = Answer.empty(query, Wire.SERVER_FAILURE);
    List<Upstream> servers = upstreams.of(sandbox);
    for (Upstream upstream : servers.subList(0, Math.min(Forwarder.ATTEMPTS, servers.size()))) {
      try {
        byte[] answer = query.adopt(exchange(sandbox, upstream, query));
        upstreams.health().answered(sandbox, upstream);
        if (!Forwarder.discouraging(answer)) {
          upstreams.cache(sandbox).put(query, answer, System.nanoTime());
          return answer;
        }
        best = answer;
      } catch (IOException | LinuxException | EngineException e) {
        LOG.log(System.Logger.Level.DEBUG, "cannot ask " + upstream, e);
        upstreams.health().silent(sandbox, upstream, System.nanoTime());
      }
    }
    return best;
  }

  private byte[] exchange(OpenSandbox sandbox, Upstream upstream, Query query) throws IOException {
    long deadline = System.nanoTime() + Forwarder.ATTEMPT.toNanos();
    SocketChannel channel =
        upstream.fromHost() ? host.call(SocketChannel::open) : sandbox.inside(SocketChannel::open);
    try (Socket socket = channel.socket()) {
      InetSocketAddress server = new InetSocketAddress(upstream.address(), Forwarder.DNS_PORT);
      socket.connect(server, millisecondsTo(deadline));
      socket.setSoTimeout(millisecondsTo(deadline));
      byte[] question = query.message();
      byte[] framed = new byte[question.length + 2];
      Wire.putInt16(framed, 0, question.length);
      System.arraycopy(question, 0, framed, 2, question.length);
      socket.getOutputStream().write(framed);
      byte[] answer = read(new DataInputStream(socket.getInputStream()), socket, deadline);
      if (!query.answeredBy(answer, answer.length)) {
        throw new IOException("the answer is to another question");
      }
      return answer;
    }
  }

  private static byte[] read(DataInputStream in, Socket socket, long deadline) throws IOException {
    byte[] answer = new byte[in.readUnsignedShort()];
    for (int filled = 0; filled < answer.length; ) {
      socket.setSoTimeout(millisecondsTo(deadline));
      int count = in.read(answer, filled, answer.length - filled);
      if (count < 0) {
        throw new IOException("the answer is not whole");
      }
      filled += count;
    }
    return answer;
  }

  private static int millisecondsTo(long deadlineNanos) throws SocketTimeoutException {
    long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) left;
  }
}
