package dev.berth.network.ipam;

import org.jspecify.annotations.Nullable;

/**
 * A set of numbers from 0 to 2^63-1 that finds the lowest number not in it, at a cost that depends
 * on the width of the numbers and never on how many are in the set: a tree of 64-way nodes, each
 * with a word that tells which of its children are full. Only nodes on the way to a member exist.
 *
 * <p>Not safe for use by several threads.
 */
final class AddressSet {
  private static final int WAY_BITS = 6;
  private static final int WAYS = 1 << WAY_BITS;
  private static final long FULL = -1L;

  /** A leaf's {@code full} word holds its members; it has no children. */
  private static final class Node {
    private long full;
    private long used;
    private final @Nullable Node @Nullable [] children;

    private Node(boolean leaf) {
      this.children = leaf ? null : new Node[WAYS];
    }
  }

  private final int levels;
  private final long limit;
  private final Node root;
  private long count;

  /**
   * @param width numbers have at most this many bits, 0 to 63
   */
  AddressSet(int width) {
    this.levels = Math.max(1, (width + WAY_BITS - 1) / WAY_BITS);
    this.limit = width >= Long.SIZE - 1 ? Long.MAX_VALUE : (1L << width) - 1;
    this.root = new Node(levels == 1);
  }

  /** How many numbers are in the set. */
  long count() {
    return count;
  }

  /** The largest number that can be in the set. */
  long limit() {
    return limit;
  }

  /** Adds a number; false where it was in already. */
  boolean add(long number) {
    if (number < 0 || number > limit) {
      throw new IllegalArgumentException("number " + number + " beyond " + limit);
    }
    if (!add(root, levels - 1, number)) {
      return false;
    }
    count++;
    return true;
  }

  private static boolean add(Node node, int level, long number) {
    int way = way(number, level);
    long bit = 1L << way;
    @Nullable Node @Nullable [] children = node.children;
    if (children == null) {
      boolean absent = (node.full & bit) == 0;
      node.full |= bit;
      return absent;
    }
    Node child = children[way];
    if (child == null) {
      child = new Node(level == 1);
      children[way] = child;
      node.used |= bit;
    }
    boolean added = add(child, level - 1, number);
    if (child.full == FULL) {
      node.full |= bit;
    }
    return added;
  }

  /** Takes a number out; false where it was not in. */
  boolean remove(long number) {
    if (number < 0 || number > limit || !remove(root, levels - 1, number)) {
      return false;
    }
    count--;
    return true;
  }

  private static boolean remove(Node node, int level, long number) {
    int way = way(number, level);
    long bit = 1L << way;
    @Nullable Node @Nullable [] children = node.children;
    if (children == null) {
      boolean present = (node.full & bit) != 0;
      node.full &= ~bit;
      return present;
    }
    Node child = children[way];
    if (child == null || !remove(child, level - 1, number)) {
      return false;
    }
    node.full &= ~bit;
    if (child.full == 0 && child.used == 0) {
      children[way] = null;
      node.used &= ~bit;
    }
    return true;
  }

  /** Whether a number is in the set. */
  boolean contains(long number) {
    Node node = root;
    for (int level = levels - 1; level > 0; level--) {
      @Nullable Node @Nullable [] children = node.children;
      Node child = children == null ? null : children[way(number, level)];
      if (child == null) {
        return false;
      }
      node = child;
    }
    return (node.full & 1L << way(number, 0)) != 0;
  }

  /** How many numbers from {@code first} to {@code last} are in the set. */
  long count(long first, long last) {
    return count(root, levels - 1, 0, first, last);
  }

  private static long count(Node node, int level, long base, long first, long last) {
    long found = 0;
    @Nullable Node @Nullable [] children = node.children;
    for (long rest = children == null ? node.full : node.used; rest != 0; rest &= rest - 1) {
      int way = Long.numberOfTrailingZeros(rest);
      long childBase = base | (long) way << (level * WAY_BITS);
      Node child = children == null ? null : children[way];
      if (child != null) {
        found += count(child, level - 1, childBase, first, last);
      } else if (childBase >= first && childBase <= last) {
        found++;
      }
    }
    return found;
  }

  /** The lowest number from {@code first} to {@code last} that is not in the set, or -1. */
  long lowestAbsent(long first, long last) {
    long found = lowestAbsent(root, levels - 1, 0, first);
    return found >= 0 && found <= Math.min(last, limit) ? found : -1;
  }

  private static long lowestAbsent(Node node, int level, long base, long from) {
    int start = from <= base ? 0 : way(from, level);
    long open = ~node.full & (FULL << start);
    while (open != 0) {
      int way = Long.numberOfTrailingZeros(open);
      long childBase = base | (long) way << (level * WAY_BITS);
      if (childBase < 0) {
        return -1;
      }
      @Nullable Node @Nullable [] children = node.children;
      Node child = children == null ? null : children[way];
      if (child == null) {
        return Math.max(childBase, from);
      }
      long found = lowestAbsent(child, level - 1, childBase, from);
      if (found >= 0) {
        return found;
      }
      open &= open - 1;
    }
    return -1;
  }

  private static int way(long number, int level) {
    return (int) (number >>> (level * WAY_BITS)) & (WAYS - 1);
  }
}
