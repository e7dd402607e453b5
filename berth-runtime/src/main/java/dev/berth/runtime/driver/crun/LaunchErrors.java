package dev.berth.runtime.driver.crun;

import dev.berth.runtime.LaunchException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells from what a runtime program wrote why it could not run a program, in the words of Docker:
 * its command line searches them to choose the exit code.
 */
final class LaunchErrors {
  private static final String CREATE =
      "failed to create task for container: failed to create shim task: OCI runtime create failed: ";
  private static final String EXEC = "OCI runtime exec failed: exec failed: ";
  private static final String START = "unable to start container process: ";
  private static final String END = ": unknown";

  /** crun's way to say so. */
  private static final Pattern CRUN_NOT_FOUND =
      Pattern.compile("executable file `([^`]*)` not found in \\$PATH");

  /** runc's way: the words after the program are Docker's already. */
  private static final Pattern RUNC_EXEC = Pattern.compile("exec: \\\\?\"(.*?)\\\\?\": (.*)");

  /** A file on a directory or the reverse, said by either program. */
  private static final Pattern MOUNT_KINDS =
      Pattern.compile("(.*mount.*: )not a directory", Pattern.CASE_INSENSITIVE);

  private static final String MOUNT_ADVICE =
      ": Are you trying to mount a directory onto a file (or vice-versa)?"
          + " Check if the specified host path exists and is the expected type";

  private static final Pattern OPEN_EXECUTABLE =
      Pattern.compile("(?:open executable|exec|stat `[^`]*`): (.*)");

  private LaunchErrors() {}

  /** A container that could not be made. */
  static LaunchException create(String runtime, String program, String stderr) {
    return exception(CREATE + runtime + " create failed: ", program, clean(stderr));
  }

  /** A process that could not be started in a container. */
  static LaunchException exec(String program, String stderr) {
    return exception(EXEC, program, clean(stderr));
  }

  private static LaunchException exception(String prefix, String program, String reason) {
    Matcher notFound = CRUN_NOT_FOUND.matcher(reason);
    if (notFound.find()) {
      return new LaunchException(
          LaunchException.Kind.NOT_FOUND,
          prefix + START + "exec: \"" + program + "\": " + missing(program) + END);
    }
    Matcher mount = MOUNT_KINDS.matcher(reason);
    if (mount.matches()) {
      return new LaunchException(
          LaunchException.Kind.NOT_EXECUTABLE,
          prefix + mount.group(1) + "not a directory" + MOUNT_ADVICE);
    }
    Matcher runc = RUNC_EXEC.matcher(reason);
    Matcher open = OPEN_EXECUTABLE.matcher(reason);
    String why = null;
    if (runc.find()) {
      why = runc.group(2);
    } else if (open.lookingAt()) {
      // crun says EPERM of whatever is no regular file.
      why =
          open.group(1)
              .toLowerCase(Locale.ROOT)
              .replace("operation not permitted", "is a directory");
    }
    if (why == null) {
      return new LaunchException(LaunchException.Kind.RUNTIME, prefix + reason + END);
    }
    return new LaunchException(
        kind(why), prefix + START + "exec: \"" + program + "\": " + why + END);
  }

  private static String missing(String program) {
    return program.contains("/")
        ? "stat " + program + ": no such file or directory"
        : "executable file not found in $PATH";
  }

  private static LaunchException.Kind kind(String why) {
    if (why.contains("permission denied")
        || why.contains("is a directory")
        || why.contains("exec format error")) {
      return LaunchException.Kind.NOT_EXECUTABLE;
    }
    return why.contains("not found") || why.contains("no such file")
        ? LaunchException.Kind.NOT_FOUND
        : LaunchException.Kind.RUNTIME;
  }

  /** The last line, without the time and level that the programs put in front. */
  private static String clean(String stderr) {
    String last = "unknown failure";
    for (String line : stderr.lines().toList()) {
      String text =
          line.replaceFirst("^(\\d{4}-\\d\\d-\\d\\dT\\S+ ?:? ?)", "")
              .replaceFirst("^time=\\S+ level=\\w+ msg=\"(.*)\"$", "$1")
              .strip();
      if (!text.isEmpty()) {
        last = text;
      }
    }
    return last;
  }
}
