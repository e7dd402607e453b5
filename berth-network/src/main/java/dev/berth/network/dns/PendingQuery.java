package dev.berth.network.dns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A question that others have been asked. Used by one thread. */
final class PendingQuery {
  private final OpenSandbox sandbox;
  private final Query query;
  private final long client;
  private final long begunNanos = System.nanoTime();
  private List<Upstream> upstreams = List.of();
  private int attempts;
  private long deadlineNanos;
  private @Nullable Upstream asked;
  private @Nullable UpstreamSocket socket;
  private int id;
  private byte @Nullable [] lastAnswer;

  /**
   * @param client who asked, see {@link dev.berth.linux.DatagramBatch}
   */
  PendingQuery(OpenSandbox sandbox, Query query, long client) {
    this.sandbox = sandbox;
    this.query = query;
    this.client = client;
  }

  OpenSandbox sandbox() {
    return sandbox;
  }

  Query query() {
    return query;
  }

  long client() {
    return client;
  }

  /** Begins with the first of these. */
  void ask(List<Upstream> servers) {
    upstreams = servers;
  }

  /** The server to ask next; null when enough have been asked. */
  @Nullable Upstream next(int maximumAttempts) {
    if (attempts >= maximumAttempts || upstreams.isEmpty()) {
      return null;
    }
    asked = upstreams.get(attempts++ % upstreams.size());
    return asked;
  }

  /** Who was asked last. */
  @Nullable Upstream asked() {
    return asked;
  }

  void sent(UpstreamSocket by, int underId) {
    socket = by;
    id = underId;
  }

  /** It is no longer waited for on the socket. */
  void forgetSocket() {
    if (socket != null) {
      socket.forget(id);
      socket = null;
    }
  }

  /** When it was taken over. */
  long begunNanos() {
    return begunNanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  void deadline(long nanos) {
    deadlineNanos = nanos;
  }

  /** Keeps an answer that is only good if nothing better comes. */
  void remember(byte[] answer) {
    lastAnswer = answer;
  }

  /** What there is when nobody is left to be asked. */
  byte[] lastResort() {
    return lastAnswer == null ? Answer.empty(query, Wire.SERVER_FAILURE) : lastAnswer;
  }
}
