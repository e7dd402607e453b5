package dev.berth.daemon;

/** The text of {@code --help}. */
final class Usage {
  private Usage() {}

  static String text() {
    StringBuilder text = new StringBuilder();
    text.append("Usage:  berthd [OPTIONS]\n\n");
    text.append("A container engine for Linux that speaks the Docker Engine API.\n\nOptions:\n");
    for (Setting setting : Setting.values()) {
      if (setting.refusal().isPresent()) {
        continue;
      }
      String shorthand = setting.shorthand().map(letter -> "-" + letter + ", ").orElse("    ");
      String value =
          switch (setting.form()) {
            case FLAG -> "";
            case TEXT -> " string";
            case NUMBER -> " int";
            case LIST -> " list";
            case MAP -> " key=value";
          };
      text.append(String.format("  %s--%s%s%n", shorthand, setting.flag(), value));
    }
    text.append("\nRefused, with the reason:\n");
    for (Setting setting : Setting.values()) {
      setting
          .refusal()
          .ifPresent(reason -> text.append("      --" + setting.flag() + ": " + reason + "\n"));
    }
    return text.toString();
  }
}
