package dev.berth.network.dns;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox that gets a name server at 127.0.0.11.
 *
 * @param sandboxId its id
 * @param namespace the file of its network namespace
 * @param attachments the networks it is on, in the order of connection
 * @param forwarding what becomes of questions that do not concern containers
 */
public record DnsSandbox(
    String sandboxId, Path namespace, List<DnsAttachment> attachments, Forwarding forwarding) {

  /** Copies the list. */
  public DnsSandbox {
    attachments = List.copyOf(attachments);
  }

  /**
   * What becomes of questions that do not concern containers.
   *
   * @param upstreams servers that were given explicitly ({@code --dns}); null to follow the host's
   * @param internalOnly whether all its networks are internal: then only explicit upstreams are
   *     asked
   * @param ipv6 whether the sandbox reaches IPv6 servers itself
   * @param ndotsGiven whether its resolver was told how many dots a name must have: it will then
   *     complete a name without any itself, so that such a name is asked of nobody
   */
  public record Forwarding(
      @Nullable List<Upstream> upstreams, boolean internalOnly, boolean ipv6, boolean ndotsGiven) {
    /** The host's servers, by IPv4. */
    public static final Forwarding DEFAULT = new Forwarding(null, false, false, false);

    /** Copies the list. */
    public Forwarding {
      upstreams = upstreams == null ? null : List.copyOf(upstreams);
    }
  }
}
