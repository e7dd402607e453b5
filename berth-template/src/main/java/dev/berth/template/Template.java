package dev.berth.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed template, to be executed any number of times. Nothing in it changes, so that threads may
 * share it.
 *
 * <p>Values are as Go's: null is no value; {@link Boolean}, {@link Long}, {@link Double} and {@link
 * String} are themselves; a {@link List} is a slice, a {@link Map} with string keys a map, a {@link
 * Structure} a struct, a {@link NilPointer} a pointer to none.
 */
public final class Template {
  private final String text;
  private final List<Node> body;
  private final Map<String, List<Node>> defined;

  Template(String text, List<Node> body, Map<String, List<Node>> defined) {
    this.text = text;
    this.body = body;
    this.defined = Map.copyOf(defined);
  }

  /**
   * Reads a template.
   *
   * @throws TemplateException saying where and why it cannot be read
   */
  public static Template parse(String text) {
    return new Parser(text).parse();
  }

  /** What it writes of a value; a key that a map does not have gives {@code <no value>}. */
  public String execute(@Nullable Object value) {
    return new Execution(this, Functions.ALL, false).run(value);
  }

  /** As {@link #execute}, but a key that a map does not have is an error. */
  public String executeStrictly(@Nullable Object value) {
    return new Execution(this, Functions.ALL, true).run(value);
  }

  /**
   * What it writes of a table's headings: functions that would change a heading's words leave them
   * as they are, {@code pad} does not.
   */
  public String executeForHeadings(Object headings) {
    return new Execution(this, Functions.HEADINGS, false).run(headings);
  }

  List<Node> body() {
    return body;
  }

  @Nullable List<Node> defined(String name) {
    return defined.get(name);
  }

  /** Where a part stands, as messages say it: line, and column from 0. */
  String place(int position) {
    String before = text.substring(0, position);
    int column = position - (before.lastIndexOf('\n') + 1);
    return line(text, position) + ":" + column;
  }

  static TemplateException refused(String text, int position, String message) {
    return new TemplateException("template: :" + line(text, position) + ": " + message);
  }

  private static long line(String text, int position) {
    return 1 + text.substring(0, position).chars().filter(c -> c == '\n').count();
  }
}
