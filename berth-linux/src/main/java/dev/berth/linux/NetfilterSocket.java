package dev.berth.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * A netfilter socket of one network namespace: element changes in batches, and notices of changed
 * rulesets. Works from any thread. Use one socket for changes and another one for notices.
 *
 * @see <a href="https://docs.kernel.org/networking/netlink_spec/nftables.html">nftables netlink</a>
 */
public final class NetfilterSocket implements AutoCloseable {
  private static final int NFNLGRP_NFTABLES = 7;
  private static final int NFT_MSG_NEWGEN = 15;
  private static final int NFT_MSG_GETGEN = 16;
  private static final int NFTA_GEN_ID = 1;
  private static final int NFTA_GEN_PROC_PID = 2;
  private static final int NFTA_GEN_PROC_NAME = 3;
  private static final int GENERAL_BYTES = 4;

  private final NetlinkSocket socket;

  private NetfilterSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  /** Opens one in the network namespace of the calling thread. */
  public static NetfilterSocket open() {
    return new NetfilterSocket(NetlinkSocket.open(NetlinkSocket.NETLINK_NETFILTER));
  }

  /** Opens one in another network namespace. */
  public static NetfilterSocket in(Fd network) {
    return Namespaces.inNetwork(network, NetfilterSocket::open);
  }

  /**
   * Makes all changes of a batch, or none.
   *
   * @throws LinuxException the first failure; further ones suppressed
   */
  public void commit(NetfilterBatch batch) {
    if (batch.isEmpty()) {
      return;
    }
    NetlinkSocket.throwFirst(socket.transact(batch.messages()));
  }

  /**
   * Who changed the ruleset.
   *
   * @param generation number of the ruleset, one more with each change
   * @param pid the process that did it
   * @param process its name
   */
  public record RulesetChange(int generation, int pid, String process) {}

  /** The generation of the ruleset: differs when anything was changed in between. */
  public int generation() {
    NetlinkWriter out =
        new NetlinkWriter(NetfilterBatch.SUBSYSTEM << 8 | NFT_MSG_GETGEN, NetlinkSocket.F_REQUEST);
    NetfilterBatch.general(out, 0, 0);
    NetlinkRequest request = new NetlinkRequest("NFT_MSG_GETGEN", "", out);
    return changes(socket.query(request)).getFirst().generation();
  }

  /** Begins to receive notices of changes of the ruleset; then watch {@link #fd()}. */
  public void subscribe() {
    socket.join(NFNLGRP_NFTABLES);
  }

  /** The descriptor, readable when there are notices; stays owned by this object. */
  public Fd fd() {
    return socket.fd();
  }

  /**
   * Takes the notices that are there, without waiting.
   *
   * @throws LinuxException ENOBUFS when some were lost: take it as a change by anybody
   */
  public List<RulesetChange> takeNotices() {
    List<RulesetChange> notices = new ArrayList<>();
    for (var some = socket.receive(); !some.isEmpty(); some = socket.receive()) {
      notices.addAll(changes(some));
    }
    return notices;
  }

  private static List<RulesetChange> changes(List<NetlinkSocket.Message> messages) {
    return messages.stream()
        .filter(m -> m.type() == (NetfilterBatch.SUBSYSTEM << 8 | NFT_MSG_NEWGEN))
        .map(m -> {
          var payload = m.payload().duplicate().order(m.payload().order());
          var attributes = NetlinkAttributes.parse(payload.position(GENERAL_BYTES));
          return new RulesetChange(
              attributes.int32BigEndian(NFTA_GEN_ID, 0),
              attributes.int32BigEndian(NFTA_GEN_PROC_PID, 0),
              attributes.text(NFTA_GEN_PROC_NAME));
        })
        .toList();
  }

  /** Closes the socket. */
  @Override
  public void close() {
    socket.close();
  }
}
