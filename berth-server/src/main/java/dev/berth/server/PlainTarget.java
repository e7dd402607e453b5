package dev.berth.server;

/**
 * A request's target without needless escapes: {@code /containers/%63reate} is served as {@code
 * /containers/create}, so whoever judges it by its text must read the latter.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.2">RFC 3986, section
 *     6.2.2.2</a>
 */
final class PlainTarget {
  private static final int ESCAPE_LENGTH = 3;

  private PlainTarget() {}

  /** The same target with letters, digits and {@code -._~} of its path written plainly. */
  static String of(String target) {
    int mark = target.indexOf('?');
    int end = mark < 0 ? target.length() : mark;
    if (target.lastIndexOf('%', end) < 0) {
      return target;
    }
    StringBuilder plain = new StringBuilder(target.length());
    int at = 0;
    while (at < end) {
      char letter = escaped(target, at, end);
      if (isUnreserved(letter)) {
        plain.append(letter);
        at += ESCAPE_LENGTH;
      } else {
        plain.append(target.charAt(at));
        at++;
      }
    }
    return plain.append(target, end, target.length()).toString();
  }

  /** What an escape at this place stands for; NUL where there is none. */
  private static char escaped(String target, int at, int end) {
    if (target.charAt(at) != '%' || at + ESCAPE_LENGTH > end) {
      return '\0';
    }
    int high = Character.digit(target.charAt(at + 1), 16);
    int low = Character.digit(target.charAt(at + 2), 16);
    return high < 0 || low < 0 ? '\0' : (char) (high << 4 | low);
  }

  private static boolean isUnreserved(char letter) {
    return letter < 0x80
        && (Character.isLetterOrDigit(letter) || "-._~".indexOf(letter) >= 0);
  }
}
