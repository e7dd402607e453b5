package dev.berth.cli;

import dev.berth.template.GoJson;
import dev.berth.template.Structure;
import dev.berth.template.Template;
import dev.berth.template.TemplateException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Things of one kind, printed as Docker's lists are: as a table under headings, or each by the
 * user's template.
 *
 * @param <T> what is listed
 */
final class Listing<T> {
  private static final String TABLE = "table";

  private final String type;
  private final Map<String, Column<T>> columns = new LinkedHashMap<>();
  private @Nullable Function<T, Map<String, String>> labels;

  private record Column<T>(String heading, Function<T, @Nullable Object> cell) {}

  /**
   * A list.
   *
   * @param type the name that messages about unknown fields give
   */
  Listing(String type) {
    this.type = type;
  }

  /** Adds a field that templates can name. */
  Listing<T> column(String name, String heading, Function<T, @Nullable Object> cell) {
    columns.put(name, new Column<>(heading, cell));
    return this;
  }

  /** Lets templates ask for one label: {@code {{.Label "key"}}}. */
  Listing<T> labels(Function<T, Map<String, String>> of) {
    labels = of;
    return this;
  }

  /**
   * Prints the items.
   *
   * @param format {@code table} with a template, {@code json}, or a template
   */
  void print(PrintStream out, String format, List<T> items) {
    out.print(render(format, items));
    out.flush();
  }

  String render(String format, List<T> items) {
    boolean table = format.startsWith(TABLE);
    try {
      Template template = Template.parse(template(format));
      StringBuilder text = new StringBuilder();
      if (table) {
        text.append(template.executeForHeadings(new Headings())).append('\n');
      }
      for (T item : items) {
        text.append(template.execute(new Row(item))).append('\n');
      }
      return table ? TabWriter.align(text.toString()) : text.toString();
    } catch (TemplateException refused) {
      throw new CliException(1, "template parsing error: " + refused.text());
    }
  }

  /** Tries a format on an item that has nothing, before anything is asked of the engine. */
  void check(String format, T nothing) {
    Template template;
    try {
      template = Template.parse(format);
    } catch (TemplateException refused) {
      throw new CliException(1, "failed to parse template: " + refused.text());
    }
    try {
      template.execute(new Row(nothing));
    } catch (TemplateException refused) {
      throw new CliException(1, "failed to execute template: " + refused.text());
    }
  }

  private static String template(String format) {
    if (format.equals("json")) {
      return "{{json .}}";
    }
    String text = format.startsWith(TABLE) ? format.substring(TABLE.length()) : format;
    return text.replaceAll("^ +| +$", "").replace("\\t", "\t").replace("\\n", "\n");
  }

  Structure row(T item) {
    return new Row(item);
  }

  private String argument(List<@Nullable Object> arguments) {
    if (arguments.size() != 1) {
      throw new IllegalArgumentException(
          "wrong number of args for Label: want 1 got " + arguments.size());
    }
    if (!(arguments.getFirst() instanceof String key)) {
      throw new IllegalArgumentException("wrong type for value; expected string");
    }
    return key;
  }

  /** What templates see of one item. */
  private final class Row implements Structure {
    private final T item;

    Row(T item) {
      this.item = item;
    }

    @Override
    public boolean has(String name) {
      return columns.containsKey(name) || (labels != null && name.equals("Label"));
    }

    @Override
    public @Nullable Object field(String name, List<@Nullable Object> arguments) {
      Column<T> column = columns.get(name);
      if (column == null) {
        Function<T, Map<String, String>> of = labels;
        return of == null ? null : of.apply(item).getOrDefault(argument(arguments), "");
      }
      if (!arguments.isEmpty()) {
        throw new IllegalArgumentException(
            "wrong number of args for " + name + ": want 0 got " + arguments.size());
      }
      return column.cell().apply(item);
    }

    @Override
    public List<@Nullable Object> values() {
      List<@Nullable Object> values = new ArrayList<>();
      columns.values().forEach(column -> values.add(column.cell().apply(item)));
      return values;
    }

    @Override
    public String json() {
      Map<String, @Nullable Object> cells = new TreeMap<>();
      columns.forEach((name, column) -> cells.put(name, column.cell().apply(item)));
      return GoJson.write(cells);
    }

    @Override
    public String type() {
      return type;
    }
  }

  /** What templates see of the table's head. */
  private final class Headings implements Structure {
    @Override
    public boolean has(String name) {
      return true;
    }

    /** A label's heading is the last part of its key. */
    @Override
    public @Nullable Object field(String name, List<@Nullable Object> arguments) {
      Column<T> column = columns.get(name);
      if (column != null) {
        return column.heading();
      }
      if (!name.equals("Label")) {
        return null;
      }
      String key = argument(arguments);
      return key.substring(key.lastIndexOf('.') + 1).replace('-', ' ').replace('_', ' ');
    }

    @Override
    public List<@Nullable Object> values() {
      return List.of();
    }

    @Override
    public String json() {
      return "{}";
    }

    @Override
    public String type() {
      return "formatter.SubHeaderContext";
    }
  }
}
