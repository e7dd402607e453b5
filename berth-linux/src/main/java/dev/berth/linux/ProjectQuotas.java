package dev.berth.linux;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives directories of one file system projects of their own. The truth is in the file system: a
 * project is taken as long as a single file belongs to it, even one that is deleted and still open,
 * so that a number never comes to a second owner while the first has something, whatever crashed. A
 * directory gets its number first and its limit afterwards; a limit whose directory is gone limits
 * nothing and is replaced when the number is given out again.
 *
 * <p>Several instances, also of several engines, may work on one file system: each looks whether it
 * is alone in a project that it has just taken. Safe for use by any thread.
 */
public final class ProjectQuotas {
  /** Where the search begins: above the numbers that administrators choose by hand. */
  private static final int FIRST = 0x42000000;

  private static final int MOST = 1 << 20;

  /** What this process is about to give out, so that its threads do not get in each other's way. */
  private static final Set<Integer> BEING_TAKEN = ConcurrentHashMap.newKeySet();

  private ProjectQuotas() {}

  /** Whether the file system of a directory counts and limits projects. */
  public static boolean areAvailable(Fd directory) {
    return ProjectQuota.usage(directory, 0).isPresent();
  }

  /**
   * Limits what an empty directory, and all that is made below it, may take.
   *
   * @throws LinuxException ENOSPC when no number is free; EOPNOTSUPP where there are no projects
   */
  public static void limit(Fd directory, long limitBytes) {
    for (int number = FIRST; number < FIRST + MOST; number++) {
      if (usage(directory, number).files() == 0 && BEING_TAKEN.add(number)) {
        try {
          if (take(directory, number)) {
            ProjectQuota.limit(directory, number, limitBytes);
            return;
          }
        } finally {
          BEING_TAKEN.remove(number);
        }
      }
    }
    throw new LinuxException(Errno.ENOSPC, "project quota", "no free project");
  }

  /** Tries a number; another engine may take it at the same moment, then both look further. */
  private static boolean take(Fd directory, int number) {
    ProjectQuota.assign(directory, number);
    if (usage(directory, number).files() <= 1) {
      return true;
    }
    ProjectQuota.assign(directory, 0);
    return false;
  }

  private static ProjectQuota.Usage usage(Fd directory, int number) {
    Optional<ProjectQuota.Usage> usage = ProjectQuota.usage(directory, number);
    return usage.orElseThrow(
        () -> new LinuxException(Errno.EOPNOTSUPP, "project quota", directory.toString()));
  }

  /** What a directory takes and may take; empty where it has no project of its own. */
  public static Optional<ProjectQuota.Usage> usage(Fd directory) {
    int project = projectOf(directory);
    return project == 0 ? Optional.empty() : ProjectQuota.usage(directory, project);
  }

  /**
   * The project that a directory was given here; 0 where it has none, or the file system knows no
   * projects.
   */
  public static int projectOf(Fd directory) {
    try {
      int project = ProjectQuota.project(directory);
      return project >= FIRST && project < FIRST + MOST ? project : 0;
    } catch (LinuxException e) {
      if (e.is(Errno.ENOTTY) || e.is(Errno.EOPNOTSUPP) || e.is(Errno.ENOSYS)) {
        return 0;
      }
      throw e;
    }
  }

  /**
   * Takes the limit of a project away whose directory was deleted.
   *
   * @param anywhere in the file system
   */
  public static void forget(Fd anywhere, int project) {
    ProjectQuota.limit(anywhere, project, 0);
  }
}
