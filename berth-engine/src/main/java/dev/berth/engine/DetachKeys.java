package dev.berth.engine;

import dev.berth.core.EngineException;
import java.io.ByteArrayOutputStream;

/**
 * Finds the keys by which a client leaves a terminal. Bytes that begin the sequence are held back
 * until it is clear whether the rest follows; a byte that breaks it lets them through.
 */
final class DetachKeys {
  private static final byte[] DEFAULT = {16, 17}; // ctrl-p, ctrl-q

  private final byte[] sequence;
  private int matched;

  private DetachKeys(byte[] sequence) {
    this.sequence = sequence;
  }

  /**
   * Reads keys such as {@code ctrl-p,ctrl-q} or {@code a}; null or empty is the default.
   *
   * @throws EngineException INVALID with Docker's words
   */
  static DetachKeys parse(@org.jspecify.annotations.Nullable String text) {
    if (text == null || text.isEmpty()) {
      return new DetachKeys(DEFAULT);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String key : text.split(",", -1)) {
      bytes.write(code(key, text));
    }
    return new DetachKeys(bytes.toByteArray());
  }

  private static int code(String key, String whole) {
    if (key.length() == 1 && key.charAt(0) < 128) {
      return key.charAt(0);
    }
    if (key.equals("DEL")) {
      return 127;
    }
    if (key.length() == 6 && key.startsWith("ctrl-")) {
      char letter = key.charAt(5);
      if (letter >= 'a' && letter <= 'z') {
        return letter - 'a' + 1;
      }
      int special = "@[\\]^_".indexOf(letter);
      if (special >= 0) {
        return special == 0 ? 0 : 26 + special;
      }
    }
    throw EngineException.invalid(
        "Invalid detach keys (" + whole + ") provided: Unknown character: '" + key + "'");
  }

  /**
   * Passes input on.
   *
   * @param passed gets what the process is to read, without a complete sequence
   * @return whether the sequence was completed; what follows it is dropped
   */
  boolean filter(byte[] input, int length, ByteArrayOutputStream passed) {
    for (int i = 0; i < length; i++) {
      byte typed = input[i];
      if (typed == sequence[matched]) {
        matched++;
        if (matched == sequence.length) {
          matched = 0;
          return true;
        }
        continue;
      }
      passed.write(sequence, 0, matched);
      matched = 0;
      if (typed == sequence[0] && sequence.length > 1) {
        matched = 1;
      } else {
        passed.write(typed);
      }
    }
    return false;
  }
}
