package dev.berth.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs several commands in one process, so that the start-up cache, which is made of one run, holds
 * what each of them needs.
 */
public final class Rehearsal {
  private static final String SEPARATOR = ";";

  private Rehearsal() {}

  /**
   * Runs the commands; ends with the code of the first that failed.
   *
   * @param words of all commands, with a semicolon as a word between two
   */
  public static void main(String[] words) {
    List<String> command = new ArrayList<>();
    for (String word : words) {
      if (word.equals(SEPARATOR)) {
        run(command);
        command.clear();
      } else {
        command.add(word);
      }
    }
    run(command);
  }

  private static void run(List<String> command) {
    int code = Main.run(command.toArray(String[]::new));
    if (code != 0) {
      System.exit(code);
    }
  }
}
