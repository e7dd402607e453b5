package dev.berth.cli;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names in the order that people expect: what is a number is compared as one. */
final class NaturalOrder {
  private static final Pattern CHUNK = Pattern.compile("[0-9]+|[^0-9]+");

  private NaturalOrder() {}

  static <T> Comparator<T> by(Function<T, String> name) {
    return (left, right) -> compare(name.apply(left), name.apply(right));
  }

  static int compare(String left, String right) {
    Matcher ours = CHUNK.matcher(left);
    Matcher theirs = CHUNK.matcher(right);
    while (ours.find()) {
      if (!theirs.find()) {
        return 1;
      }
      String one = ours.group();
      String other = theirs.group();
      boolean numbers = isNumber(one) && isNumber(other);
      int order =
          numbers
              ? new BigInteger(one).compareTo(new BigInteger(other))
              : one.compareTo(other);
      if (order != 0) {
        return order;
      }
    }
    return theirs.find() ? -1 : left.compareTo(right);
  }

  private static boolean isNumber(String chunk) {
    return Character.isDigit(chunk.charAt(0));
  }
}
