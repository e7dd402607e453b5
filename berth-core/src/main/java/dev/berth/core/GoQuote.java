package dev.berth.core;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Text as Go's {@code %q} writes it, as it stands in Docker's messages and steps of builds. Pure.
 */
public final class GoQuote {
  private GoQuote() {}

  /** One text in quotes. */
  public static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    text.codePoints()
        .forEach(character -> {
          switch (character) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case '\n' -> quoted.append("\\n");
            case '\r' -> quoted.append("\\r");
            case '\t' -> quoted.append("\\t");
            default -> {
              if (Character.isISOControl(character)) {
                quoted.append("\\x" + HexFormat.of().toHexDigits((byte) character));
              } else {
                quoted.appendCodePoint(character);
              }
            }
          }
        });
    return quoted.append('"').toString();
  }

  /** A list of quoted texts. */
  public static String quote(List<String> texts) {
    return texts.stream().map(GoQuote::quote).collect(Collectors.joining(" ", "[", "]"));
  }
}
