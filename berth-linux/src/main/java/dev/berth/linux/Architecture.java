package dev.berth.linux;

import java.util.Locale;

/** The two processor families whose system-call numbers are known here. */
enum Architecture {
  X86_64,
  AARCH64;

  static final Architecture CURRENT = current(System.getProperty("os.arch"));

  static Architecture current(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default -> throw new UnsupportedOperationException("no system-call table for " + name);
    };
  }

  /** One of two numbers. */
  static int choose(int x86, int arm) {
    return CURRENT == X86_64 ? x86 : arm;
  }
}
