package dev.berth.engine;

import dev.berth.core.EngineException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Users and groups of an image, from the text of its /etc/passwd and /etc/group. Source: passwd(5),
 * group(5).
 */
final class PasswordFiles {
  private static final long LARGEST = 4_294_967_294L;

  private final List<Account> accounts = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();

  private record Account(String name, long uid, long gid, String home) {}

  private record Group(String name, long gid, List<String> members) {}

  /**
   * Who a process runs as.
   *
   * @param uid user id
   * @param gid group id
   * @param additionalGids supplementary groups
   * @param home its home directory; {@code /} when the image does not say
   */
  record Identity(long uid, long gid, List<Long> additionalGids, String home) {}

  /**
   * @param passwd text of /etc/passwd; empty when there is none
   * @param group text of /etc/group; empty when there is none
   */
  PasswordFiles(String passwd, String group) {
    for (String line : passwd.split("\n")) {
      String[] fields = line.strip().split(":", -1);
      if (fields.length >= 4 && isNumber(fields[2]) && isNumber(fields[3])) {
        accounts.add(
            new Account(
                fields[0],
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                fields.length > 5 ? fields[5] : ""));
      }
    }
    for (String line : group.split("\n")) {
      String[] fields = line.strip().split(":", -1);
      if (fields.length >= 3 && isNumber(fields[2])) {
        groups.add(
            new Group(
                fields[0],
                Long.parseLong(fields[2]),
                fields.length > 3 ? List.of(fields[3].split(",")) : List.of()));
      }
    }
  }

  /**
   * Resolves {@code user[:group]}; empty is root.
   *
   * @param additional further groups by name or number
   * @throws EngineException INVALID with Docker's words
   */
  Identity resolve(String user, List<String> additional) {
    int colon = user.indexOf(':');
    String name = colon < 0 ? user : user.substring(0, colon);
    String groupName = colon < 0 ? "" : user.substring(colon + 1);
    Account account = account(name);
    long uid = account != null ? account.uid() : numericUser(name);
    long gid = account != null ? account.gid() : 0;
    Set<Long> further = new LinkedHashSet<>();
    if (!groupName.isEmpty()) {
      gid = groupId(groupName);
    } else if (account != null) {
      for (Group group : groups) {
        if (group.members().contains(account.name())) {
          further.add(group.gid());
        }
      }
    }
    further.add(gid);
    for (String extra : additional) {
      further.add(additionalGroup(extra));
    }
    String home = account == null || account.home().isEmpty() ? "/" : account.home();
    return new Identity(uid, gid, List.copyOf(further), home);
  }

  private @Nullable Account account(String name) {
    for (Account account : accounts) {
      boolean matches = name.isEmpty() ? account.uid() == 0 : account.name().equals(name);
      if (matches) {
        return account;
      }
    }
    if (isNumber(name)) {
      long uid = Long.parseLong(name);
      for (Account account : accounts) {
        if (account.uid() == uid) {
          return account;
        }
      }
    }
    return null;
  }

  private static long numericUser(String name) {
    if (name.isEmpty()) {
      return 0;
    }
    if (!isNumber(name)) {
      throw EngineException.invalid(
          "unable to find user " + name + ": no matching entries in passwd file");
    }
    return inRange(name);
  }

  private long groupId(String name) {
    for (Group group : groups) {
      if (group.name().equals(name)) {
        return group.gid();
      }
    }
    if (!isNumber(name)) {
      throw EngineException.invalid(
          "unable to find group " + name + ": no matching entries in group file");
    }
    return inRange(name);
  }

  private long additionalGroup(String name) {
    for (Group group : groups) {
      if (group.name().equals(name)) {
        return group.gid();
      }
    }
    if (!isNumber(name)) {
      throw EngineException.invalid("Unable to find group " + name);
    }
    return inRange(name);
  }

  private static long inRange(String digits) {
    long number = Long.parseLong(digits);
    if (number > LARGEST) {
      throw EngineException.invalid("uids and gids must be in range 0-2147483647");
    }
    return number;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
