package dev.berth.network.dns;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A question that others have been asked. Used by one thread. */
final class PendingQuery {
  private final OpenSandbox sandbox;
  private final Query query;
  private final List<Upstream> upstreams;
  private final AnswerCache.Key cacheKey;
  private final Consumer<byte[]> reply;
  private int attempts;
  private long deadlineNanos;
  private @Nullable UpstreamSocket socket;
  private int id;
  private byte @Nullable [] lastAnswer;

  PendingQuery(
      OpenSandbox sandbox,
      Query query,
      List<Upstream> upstreams,
      AnswerCache.Key cacheKey,
      Consumer<byte[]> reply) {
    this.sandbox = sandbox;
    this.query = query;
    this.upstreams = upstreams;
    this.cacheKey = cacheKey;
    this.reply = reply;
  }

  OpenSandbox sandbox() {
    return sandbox;
  }

  Query query() {
    return query;
  }

  AnswerCache.Key cacheKey() {
    return cacheKey;
  }

  /** The server to ask next; null when enough have been asked. */
  @Nullable Upstream next(int maximumAttempts) {
    return attempts < maximumAttempts ? upstreams.get(attempts++ % upstreams.size()) : null;
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

  /** Ends it with an answer. */
  void finish(byte[] answer) {
    reply.accept(answer);
  }

  /** Ends it with what there is. */
  void fail() {
    finish(lastAnswer == null ? Answer.empty(query, Wire.SERVER_FAILURE) : lastAnswer);
  }
}
