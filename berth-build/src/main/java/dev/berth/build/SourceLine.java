package dev.berth.build;

import java.util.List;

/**
 * One instruction as it stands in a Dockerfile, its continuation lines joined.
 *
 * @param keyword the first word, as written
 * @param flags the words that begin with two dashes
 * @param arguments what follows
 * @param heredocs the texts that follow it
 * @param original the whole line
 * @param number of its first line, from 1
 */
record SourceLine(
    String keyword,
    List<String> flags,
    String arguments,
    List<Heredoc> heredocs,
    String original,
    int number) {

  /** Copies the lists. */
  SourceLine {
    flags = List.copyOf(flags);
    heredocs = List.copyOf(heredocs);
  }

  /** The same with the texts that follow it. */
  SourceLine with(List<Heredoc> texts) {
    return new SourceLine(keyword, flags, arguments, texts, original, number);
  }
}
