package dev.berth.linux;

import java.util.ArrayList;
import java.util.List;

/**
 * Changes that the kernel makes all together or not at all: elements of sets and maps, and small
 * tables. Filled, then given to {@link NetfilterSocket#commit}; not safe for use by several
 * threads.
 *
 * @see <a
 *     href="https://wiki.nftables.org/wiki-nftables/index.php/Atomic_rule_replacement">batches</a>
 */
public final class NetfilterBatch {
  /** IPv4 tables. */
  public static final int FAMILY_IP = 2;

  /** IPv6 tables. */
  public static final int FAMILY_IP6 = 10;

  /** Tables of both. */
  public static final int FAMILY_INET = 1;

  /** Tables of bridges. */
  public static final int FAMILY_BRIDGE = 7;

  static final int SUBSYSTEM = 10;
  private static final int NFT_MSG_NEWTABLE = 0;
  private static final int NFT_MSG_DELTABLE = 2;
  private static final int NFT_MSG_NEWCHAIN = 3;
  private static final int NFT_MSG_NEWRULE = 6;
  private static final int NFTA_TABLE_NAME = 1;
  private static final int NFTA_CHAIN_TABLE = 1;
  private static final int NFTA_CHAIN_NAME = 3;
  private static final int NFTA_CHAIN_HOOK = 4;
  private static final int NFTA_CHAIN_TYPE = 7;
  private static final int NFTA_HOOK_HOOKNUM = 1;
  private static final int NFTA_HOOK_PRIORITY = 2;
  private static final int NFTA_RULE_TABLE = 1;
  private static final int NFTA_RULE_CHAIN = 2;
  private static final int NFTA_RULE_EXPRESSIONS = 4;
  private static final int NF_INET_LOCAL_OUT = 3;
  private static final int PRIORITY_DNAT = -100;
  static final int NFT_MSG_NEWSETELEM = 12;
  static final int NFT_MSG_DELSETELEM = 14;
  private static final int BATCH_BEGIN = 0x10;
  private static final int BATCH_END = 0x11;
  private static final int NFTA_SET_ELEM_LIST_TABLE = 1;
  private static final int NFTA_SET_ELEM_LIST_SET = 2;
  private static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
  private static final int NFTA_LIST_ELEM = 1;
  private static final int NFTA_SET_ELEM_KEY = 1;
  private static final int NFTA_SET_ELEM_DATA = 2;
  private static final int NFTA_SET_ELEM_KEY_END = 10;
  private static final int NFTA_DATA_VALUE = 1;
  private static final int NFTA_DATA_VERDICT = 2;
  private static final int NFTA_VERDICT_CODE = 1;
  private static final int NFTA_VERDICT_CHAIN = 2;
  private static final int NFT_JUMP = -3;
  private static final int ELEMENTS_AT_ONCE = 256;

  private final List<NetlinkRequest> changes = new ArrayList<>();

  /** Nothing yet. */
  public NetfilterBatch() {}

  /** Adds elements; one that is there already is left alone when its data is the same. */
  public NetfilterBatch add(int family, String table, String set, List<SetElement> elements) {
    int flags = NetlinkSocket.F_CREATE;
    return change(NFT_MSG_NEWSETELEM, flags, new Target(family, table, set), elements);
  }

  /** Removes elements; ENOENT when one is not there. */
  public NetfilterBatch delete(int family, String table, String set, List<SetElement> elements) {
    return change(NFT_MSG_DELSETELEM, 0, new Target(family, table, set), elements);
  }

  /** Removes all elements of a set or map. */
  public NetfilterBatch flush(int family, String table, String set) {
    Target target = new Target(family, table, set);
    changes.add(request(NFT_MSG_DELSETELEM, 0, target, List.of()));
    return this;
  }

  /** Makes a table; EEXIST when there is one of that name. */
  public NetfilterBatch createTable(int family, String table) {
    NetlinkWriter out =
        message(NFT_MSG_NEWTABLE, NetlinkSocket.F_CREATE | NetlinkSocket.F_EXCL, family);
    out.attributeText(NFTA_TABLE_NAME, table);
    return add("NFT_MSG_NEWTABLE", table, out);
  }

  /** Removes a table with all that is in it; ENOENT when there is none. */
  public NetfilterBatch deleteTable(int family, String table) {
    NetlinkWriter out = message(NFT_MSG_DELTABLE, 0, family);
    out.attributeText(NFTA_TABLE_NAME, table);
    return add("NFT_MSG_DELTABLE", table, out);
  }

  /** Makes a chain that changes the destinations of the namespace's own connections. */
  public NetfilterBatch createOutputNatChain(int family, String table, String chain) {
    NetlinkWriter out = message(NFT_MSG_NEWCHAIN, NetlinkSocket.F_CREATE, family);
    out.attributeText(NFTA_CHAIN_TABLE, table);
    out.attributeText(NFTA_CHAIN_NAME, chain);
    int hook = out.nest(NFTA_CHAIN_HOOK | NetlinkWriter.NESTED);
    out.attribute32BigEndian(NFTA_HOOK_HOOKNUM, NF_INET_LOCAL_OUT);
    out.attribute32BigEndian(NFTA_HOOK_PRIORITY, PRIORITY_DNAT);
    out.end(hook);
    out.attributeText(NFTA_CHAIN_TYPE, "nat");
    return add("NFT_MSG_NEWCHAIN", table + " " + chain, out);
  }

  /** Adds a rule at a chain's end. */
  public NetfilterBatch appendRule(
      int family, String table, String chain, RuleExpressions expressions) {
    NetlinkWriter out =
        message(NFT_MSG_NEWRULE, NetlinkSocket.F_CREATE | NetlinkSocket.F_APPEND, family);
    out.attributeText(NFTA_RULE_TABLE, table);
    out.attributeText(NFTA_RULE_CHAIN, chain);
    int list = out.nest(NFTA_RULE_EXPRESSIONS | NetlinkWriter.NESTED);
    expressions.write(out);
    out.end(list);
    return add("NFT_MSG_NEWRULE", table + " " + chain, out);
  }

  private static NetlinkWriter message(int type, int flags, int family) {
    int all = NetlinkSocket.F_REQUEST | NetlinkSocket.F_ACK | flags;
    NetlinkWriter out = new NetlinkWriter(SUBSYSTEM << 8 | type, all);
    general(out, family, 0);
    return out;
  }

  private NetfilterBatch add(String operation, String target, NetlinkWriter out) {
    changes.add(new NetlinkRequest(operation, target, out));
    return this;
  }

  /** Whether there is nothing to do. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  private record Target(int family, String table, String set) {
    @Override
    public String toString() {
      return table + " " + set;
    }
  }

  private NetfilterBatch change(int type, int flags, Target target, List<SetElement> elements) {
    for (int from = 0; from < elements.size(); from += ELEMENTS_AT_ONCE) {
      int to = Math.min(elements.size(), from + ELEMENTS_AT_ONCE);
      changes.add(request(type, flags, target, elements.subList(from, to)));
    }
    return this;
  }

  private static NetlinkRequest request(
      int type, int flags, Target target, List<SetElement> elements) {
    NetlinkWriter out = message(type, flags, target.family());
    out.attributeText(NFTA_SET_ELEM_LIST_TABLE, target.table());
    out.attributeText(NFTA_SET_ELEM_LIST_SET, target.set());
    if (!elements.isEmpty()) {
      int list = out.nest(NFTA_SET_ELEM_LIST_ELEMENTS | NetlinkWriter.NESTED);
      elements.forEach(element -> element(out, element));
      out.end(list);
    }
    String operation = type == NFT_MSG_NEWSETELEM ? "NFT_MSG_NEWSETELEM" : "NFT_MSG_DELSETELEM";
    return new NetlinkRequest(operation, target.toString(), out);
  }

  private static void element(NetlinkWriter out, SetElement element) {
    int nest = out.nest(NFTA_LIST_ELEM | NetlinkWriter.NESTED);
    value(out, NFTA_SET_ELEM_KEY, element.key());
    byte[] keyEnd = element.keyEnd();
    if (keyEnd != null) {
      value(out, NFTA_SET_ELEM_KEY_END, keyEnd);
    }
    byte[] data = element.data();
    if (data != null) {
      value(out, NFTA_SET_ELEM_DATA, data);
    }
    String chain = element.verdictChain();
    if (chain != null) {
      int outer = out.nest(NFTA_SET_ELEM_DATA | NetlinkWriter.NESTED);
      int verdict = out.nest(NFTA_DATA_VERDICT | NetlinkWriter.NESTED);
      out.attribute32BigEndian(NFTA_VERDICT_CODE, NFT_JUMP);
      out.attributeText(NFTA_VERDICT_CHAIN, chain);
      out.end(verdict).end(outer);
    }
    out.end(nest);
  }

  private static void value(NetlinkWriter out, int type, byte[] bytes) {
    int nest = out.nest(type | NetlinkWriter.NESTED);
    out.attribute(NFTA_DATA_VALUE, bytes);
    out.end(nest);
  }

  /** struct nfgenmsg; the resource is in network order. */
  static void general(NetlinkWriter out, int family, int resource) {
    out.int8(family).int8(0).int8(resource >> 8).int8(resource);
  }

  /** All messages, the begin and the end of the batch included. */
  List<NetlinkRequest> messages() {
    List<NetlinkRequest> all = new ArrayList<>();
    all.add(bracket(BATCH_BEGIN, "begin"));
    all.addAll(changes);
    all.add(bracket(BATCH_END, "end"));
    return all;
  }

  private static NetlinkRequest bracket(int type, String word) {
    NetlinkWriter out = new NetlinkWriter(type, NetlinkSocket.F_REQUEST);
    general(out, 0, SUBSYSTEM);
    return new NetlinkRequest("NFNL_MSG_BATCH", word, out);
  }
}
