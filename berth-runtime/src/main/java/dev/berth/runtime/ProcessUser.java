package dev.berth.runtime;

import java.util.List;

/**
 * Who a process runs as.
 *
 * @param uid user id, unsigned 32 bit
 * @param gid group id, unsigned 32 bit
 * @param additionalGids supplementary groups
 */
public record ProcessUser(long uid, long gid, List<Long> additionalGids) {
  /** Root with no supplementary group. */
  public static final ProcessUser ROOT = new ProcessUser(0, 0, List.of());

  /** Copies the groups. */
  public ProcessUser {
    additionalGids = List.copyOf(additionalGids);
  }
}
