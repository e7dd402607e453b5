package dev.berth.network.dns;

import dev.berth.linux.DatagramBatch;
import dev.berth.linux.EventLoop;
import dev.berth.network.firewall.HostNamespace;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The name server of all sandboxes: one thread, as measured against a thread a sandbox. It answers
 * what it knows; what others must be asked is left to {@link Forwarder}.
 */
public final class DnsServer implements DnsService {
  private static final System.Logger LOG = System.getLogger(DnsServer.class.getName());
  // A sandbox's turn: then those of the others come.
  private static final int DATAGRAMS_AT_ONCE = 32;

  private final List<SandboxSockets.Way> ways;
  private final DnsFigures figures = new DnsFigures();
  private final NameTable names = new NameTable();
  private final Responder responder;
  private final Upstreams upstreams;
  private final Forwarder forwarder;
  private final TcpClients tcpClients;
  private final Map<String, OpenSandbox> sandboxes = new ConcurrentHashMap<>();
  private final DatagramBatch batch = new DatagramBatch(DATAGRAMS_AT_ONCE, Wire.LARGEST_UDP_BYTES);
  private final byte[] question = new byte[Wire.LARGEST_UDP_BYTES];
  private final byte[] known = new byte[Wire.PLAIN_UDP_BYTES];
  private @Nullable EventLoop loop;

  /**
   * @param settings times and files
   * @param host where servers are asked that only the host reaches
   */
  public DnsServer(DnsSettings settings, HostNamespace host) {
    this(settings, host, SandboxSockets.WAYS);
  }

  /**
   * @param ways how questions may get to the sockets, the best one first
   */
  DnsServer(DnsSettings settings, HostNamespace host, List<SandboxSockets.Way> ways) {
    this.ways = ways;
    this.upstreams = new Upstreams(settings);
    LocalAnswers own = new LocalAnswers(names, (int) settings.ownTtl().toSeconds());
    this.responder = new Responder(own, upstreams);
    this.forwarder = new Forwarder(host, upstreams, new SecureRandom(), figures);
    this.tcpClients = new TcpClients(host, responder, upstreams);
  }

  @Override
  public void start() {
    forwarder.start();
    loop = EventLoop.start("berth-dns");
  }

  @Override
  public void open(DnsSandbox sandbox) {
    EventLoop watching = loop;
    if (watching == null) {
      throw new IllegalStateException("the name server has not been started");
    }
    OpenSandbox fresh = new OpenSandbox(sandbox, SandboxSockets.open(sandbox.namespace(), ways));
    OpenSandbox old = sandboxes.put(sandbox.sandboxId(), fresh);
    if (old != null) {
      drop(old);
    }
    fresh.watch(watching, events -> questions(fresh), events -> tcpClients.accept(fresh, watching));
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
    tcpClients.drop(sandbox);
    forwarder.drop(sandbox);
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

  private void questions(OpenSandbox sandbox) {
    long begin = System.nanoTime();
    int count = sandbox.receive(batch);
    for (int slot = 0; slot < count; slot++) {
      int length = batch.length(slot);
      if (length >= Wire.HEADER_BYTES) {
        batch.read(slot, question, length);
        question(sandbox, batch.sender(slot), length);
      }
    }
    if (count > 0) {
      sandbox.send(batch);
      figures.handled(count, System.nanoTime() - begin);
    }
  }

  /** What was asked so far. */
  public DnsFigures figures() {
    return figures;
  }

  private void question(OpenSandbox sandbox, long client, int length) {
    int version = names.version();
    DnsSandbox description = sandbox.description();
    int ready = sandbox.book().answer(question, length, known, version, description);
    if (ready > 0) {
      batch.add(client, known, ready);
      return;
    }
    try {
      Query query = Query.parse(question, length);
      byte[] answer =
          query == null
              ? Answer.refusal(question, length)
              : answer(sandbox, client, query, version, description);
      if (answer != null) {
        batch.add(client, answer, answer.length);
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "a question was lost", e);
    }
  }

  private byte @Nullable [] answer(
      OpenSandbox sandbox, long client, Query query, int version, DnsSandbox description) {
    byte[] own = responder.own(query, description);
    if (own != null) {
      sandbox.book().learn(query, own, version, description);
      return Answer.fitUdp(query, own);
    }
    byte[] answer = responder.without(sandbox, query);
    if (answer == null && !forwarder.submit(sandbox, query, client)) {
      answer = Answer.empty(query, Wire.SERVER_FAILURE);
    }
    return answer == null ? null : Answer.fitUdp(query, answer);
  }

  @Override
  public void close() {
    sandboxes.values().forEach(this::drop);
    sandboxes.clear();
    if (loop != null) {
      loop.close();
    }
    tcpClients.close();
    forwarder.close();
  }
}
