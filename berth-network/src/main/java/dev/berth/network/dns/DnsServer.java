package dev.berth.network.dns;

import dev.berth.core.EngineException;
import dev.berth.network.dns.Forwarder.Ready;
import dev.berth.network.firewall.HostNamespace;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** The name server of all sandboxes: one thread, as measured against a thread a sandbox. */
public final class DnsServer implements DnsService {
  private static final System.Logger LOG = System.getLogger(DnsServer.class.getName());
  private static final int DATAGRAMS_AT_ONCE = 32;

  private final HostNamespace host;
  private final NameTable names = new NameTable();
  private final AnswerCache cache = new AnswerCache();
  private final LocalAnswers localAnswers;
  private final HostServers hostServers;
  private final TcpClients tcpClients;
  private final Map<String, OpenSandbox> sandboxes = new ConcurrentHashMap<>();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Wire.MAXIMUM_BYTES);
  private final Thread thread = Thread.ofPlatform().name("berth-dns").daemon().unstarted(this::run);
  private @Nullable Selector selector;
  private @Nullable Forwarder forwarder;

  /**
   * @param settings times and files
   * @param host where servers are asked that only the host reaches
   */
  public DnsServer(DnsSettings settings, HostNamespace host) {
    this.host = host;
    this.localAnswers = new LocalAnswers(names, (int) settings.ownTtl().toSeconds());
    this.hostServers =
        new HostServers(settings.hostFile(), settings.hostFileBehindStub(), cache::clear);
    this.tcpClients = new TcpClients(host, cache, this::answerAlone, this::upstreams);
  }

  @Override
  public void start() {
    try {
      // The platform looks at the host's addresses once: not from inside of a sandbox.
      DatagramChannel.open().close();
      selector = Selector.open();
    } catch (IOException e) {
      throw EngineException.internal("cannot start the name server", e);
    }
    forwarder = new Forwarder(selector, host, cache, new SecureRandom());
    thread.start();
  }

  @Override
  public void open(DnsSandbox sandbox) {
    OpenSandbox fresh = new OpenSandbox(sandbox, SandboxSockets.open(sandbox.namespace()));
    OpenSandbox old = sandboxes.put(sandbox.sandboxId(), fresh);
    if (old != null) {
      drop(old);
    }
    try {
      Selector open = running(selector);
      fresh.sockets().udp().register(open, SelectionKey.OP_READ, (Ready) () -> questions(fresh));
      fresh.sockets().tcp().register(open, SelectionKey.OP_ACCEPT, (Ready) () -> accept(fresh));
      open.wakeup();
    } catch (ClosedChannelException e) {
      LOG.log(System.Logger.Level.DEBUG, "sandbox " + sandbox.sandboxId() + " shut at once", e);
    }
  }

  @Override
  public void update(DnsSandbox sandbox) {
    OpenSandbox open = sandboxes.get(sandbox.sandboxId());
    if (open != null) {
      open.describe(sandbox);
    }
  }

  @Override
  public void shut(String sandboxId) {
    OpenSandbox open = sandboxes.remove(sandboxId);
    if (open != null) {
      drop(open);
    }
  }

  private void drop(OpenSandbox sandbox) {
    sandbox.close();
    tasks.add(() -> running(forwarder).drop(sandbox));
    running(selector).wakeup();
  }

  @Override
  public void register(String networkId, DnsEndpoint endpoint) {
    names.register(networkId, endpoint);
  }

  @Override
  public void unregister(String networkId, String endpointId) {
    names.unregister(networkId, endpointId);
  }

  @Override
  public void forget(String networkId) {
    names.forget(networkId);
  }

  private static <T> T running(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the name server has not been started");
    }
    return part;
  }

  private void run() {
    Selector open = running(selector);
    Forwarder asking = running(forwarder);
    try {
      while (open.isOpen()) {
        open.select(DnsServer::dispatch, asking.expire(System.nanoTime()));
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
      }
    } catch (ClosedSelectorException e) {
      LOG.log(System.Logger.Level.TRACE, "closed");
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "the name server has ended", e);
    }
  }

  private static void dispatch(SelectionKey key) {
    try {
      ((Ready) key.attachment()).ready();
    } catch (ClosedChannelException e) {
      key.cancel();
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "a question was lost", e);
    }
  }

  private void questions(OpenSandbox sandbox) throws IOException {
    DatagramChannel udp = sandbox.sockets().udp();
    for (int i = 0; i < DATAGRAMS_AT_ONCE; i++) {
      buffer.clear();
      SocketAddress client = udp.receive(buffer);
      if (client == null) {
        return;
      }
      byte[] message = new byte[buffer.flip().remaining()];
      buffer.get(message);
      Query query = Query.parse(message, message.length);
      if (query != null) {
        question(sandbox, query, client);
      }
    }
  }

  private void question(OpenSandbox sandbox, Query query, SocketAddress client) throws IOException {
    byte[] answer = answerAlone(sandbox, query);
    if (answer != null) {
      reply(sandbox, query, client, answer);
    } else {
      running(forwarder)
          .forward(
              sandbox,
              query,
              upstreams(sandbox),
              found -> replyLater(sandbox, query, client, found));
    }
  }

  private static void reply(OpenSandbox sandbox, Query query, SocketAddress client, byte[] answer)
      throws IOException {
    sandbox.sockets().udp().send(ByteBuffer.wrap(Answer.fitUdp(query, answer)), client);
  }

  private static void replyLater(
      OpenSandbox sandbox, Query query, SocketAddress client, byte[] answer) {
    try {
      reply(sandbox, query, client, answer);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "an answer was lost", e);
    }
  }

  /**
   * The answer that needs nobody else. Nothing leaves a sandbox which is on internal networks only,
   * unless its user named the server to ask.
   */
  private byte @Nullable [] answerAlone(OpenSandbox sandbox, Query query) {
    DnsSandbox description = sandbox.description();
    byte[] own = localAnswers.answer(query, description.attachments());
    if (own != null) {
      return own;
    }
    return description.internalOnly() && description.upstreams() == null
        ? Answer.empty(query, Wire.SERVER_FAILURE)
        : null;
  }

  private List<Upstream> upstreams(OpenSandbox sandbox) {
    List<Upstream> own = sandbox.description().upstreams();
    return own == null ? hostServers.current(System.nanoTime()) : own;
  }

  private void accept(OpenSandbox sandbox) throws IOException {
    SocketChannel client = sandbox.sockets().tcp().accept();
    if (client != null) {
      tcpClients.serve(sandbox, client);
    }
  }

  @Override
  public void close() {
    sandboxes.values().forEach(OpenSandbox::close);
    sandboxes.clear();
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
    running(forwarder).close();
  }
}
