package dev.berth.build;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Text as Go's {@code %q} writes it, which is how Docker's steps are told. */
final class GoQuote {
  private GoQuote() {}

  /** One text in quotes. */
  static String quote(String text) {
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
              if (character < ' ' || character == 0x7F) {
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
  static String quote(List<String> texts) {
    return texts.stream().map(GoQuote::quote).collect(Collectors.joining(" ", "[", "]"));
  }
}
