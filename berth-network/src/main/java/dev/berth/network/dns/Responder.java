package dev.berth.network.dns;

import org.jspecify.annotations.Nullable;

/** What can be answered without asking anybody. Safe for use by several threads. */
final class Responder {
  private final LocalAnswers localAnswers;
  private final Upstreams upstreams;

  Responder(LocalAnswers localAnswers, Upstreams upstreams) {
    this.localAnswers = localAnswers;
    this.upstreams = upstreams;
  }

  /** The answer about a container; null when the question does not concern one. */
  byte @Nullable [] own(Query query, DnsSandbox sandbox) {
    return query.ednsVersion() > 0 ? null : localAnswers.answer(query, sandbox.attachments());
  }

  /**
   * The answer to a question that does not concern containers; null when others have to be asked.
   *
   * <p>Nothing leaves a sandbox which is on internal networks only, unless its user named the
   * server to ask. A name of one label is asked of nobody where the resolver was told how many dots
   * to expect: it asks again with its search domains.
   */
  byte @Nullable [] without(OpenSandbox sandbox, Query query) {
    if (query.ednsVersion() > 0) {
      return Answer.badVersion(query);
    }
    DnsSandbox.Forwarding forwarding = sandbox.description().forwarding();
    if (forwarding.internalOnly() && forwarding.upstreams() == null) {
      return Answer.empty(query, Wire.SERVER_FAILURE);
    }
    boolean address = query.type() == Wire.TYPE_A || query.type() == Wire.TYPE_AAAA;
    if (forwarding.ndotsGiven() && address && query.name().indexOf('.') < 0) {
      return Answer.empty(query, Wire.NOERROR);
    }
    return upstreams.cache(sandbox).find(query, System.nanoTime());
  }

  /** The answer; null when others have to be asked. */
  byte @Nullable [] answer(OpenSandbox sandbox, Query query) {
    byte[] own = own(query, sandbox.description());
    return own == null ? without(sandbox, query) : own;
  }
}
