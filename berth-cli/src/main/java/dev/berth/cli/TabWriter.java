package dev.berth.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligns cells that a tab ends, as Go's text/tabwriter does with Docker's settings: a column is the
 * cells above each other in lines that follow one another, at least ten wide, three behind its
 * widest.
 *
 * @see <a href="https://pkg.go.dev/text/tabwriter">The rules</a>
 */
final class TabWriter {
  private static final int MINIMUM = 10;
  private static final int PADDING = 3;

  private final List<List<String>> lines = new ArrayList<>();
  private final StringBuilder out = new StringBuilder();
  private final List<Integer> widths = new ArrayList<>();

  private TabWriter(String text) {
    for (String line : text.split("\n", -1)) {
      lines.add(List.of(line.split("\t", -1)));
    }
  }

  /** The aligned text. */
  static String align(String text) {
    TabWriter writer = new TabWriter(text);
    writer.format(0, writer.lines.size());
    return writer.out.substring(0, writer.out.length() - 1);
  }

  /** The last cell of a line is not ended by a tab and belongs to no column. */
  private static int columns(List<String> line) {
    return line.size() - 1;
  }

  private void format(int from, int to) {
    int column = widths.size();
    int written = from;
    int at = from;
    while (at < to) {
      if (column >= columns(lines.get(at))) {
        at++;
        continue;
      }
      write(written, at);
      written = at;
      int width = MINIMUM;
      int end = at;
      while (end < to && column < columns(lines.get(end))) {
        width = Math.max(width, length(lines.get(end).get(column)) + PADDING);
        end++;
      }
      widths.add(width);
      format(at, end);
      widths.removeLast();
      written = end;
      at = end;
    }
    write(written, to);
  }

  private void write(int from, int to) {
    for (List<String> line : lines.subList(from, to)) {
      for (int i = 0; i < line.size(); i++) {
        out.append(line.get(i));
        if (i < widths.size() && i < columns(line)) {
          out.repeat(' ', widths.get(i) - length(line.get(i)));
        }
      }
      out.append('\n');
    }
  }

  private static int length(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
