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
 * @param upstreams servers that were given explicitly ({@code --dns}); null to follow the host's
 * @param internalOnly whether all its networks are internal: then only explicit upstreams are asked
 */
public record DnsSandbox(
    String sandboxId,
    Path namespace,
    List<DnsAttachment> attachments,
    @Nullable List<Upstream> upstreams,
    boolean internalOnly) {

  /** Copies the lists. */
  public DnsSandbox {
    attachments = List.copyOf(attachments);
    upstreams = upstreams == null ? null : List.copyOf(upstreams);
  }
}
