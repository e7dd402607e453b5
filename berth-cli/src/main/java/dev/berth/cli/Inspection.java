package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.berth.template.Template;
import dev.berth.template.TemplateException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code inspect} prints of the things that it finds, and how it tells of what it does not. */
final class Inspection {
  private static final int UNREADABLE_TEMPLATE = 64;

  /**
   * Something found.
   *
   * @param type its name in {@link ApiShapes}
   */
  record Found(String type, JsonNode node) {}

  private final @Nullable String format;
  private final @Nullable Template template;
  private final ArrayNode whole = Json.MAPPER.createArrayNode();
  private final StringBuilder written = new StringBuilder();
  private final List<String> failures = new ArrayList<>();

  /**
   * An inspection.
   *
   * @throws CliException when the format is a template that cannot be read
   */
  Inspection(@Nullable String format) {
    this.format = format == null || format.isEmpty() ? null : format;
    this.template = this.format == null || this.format.equals("json") ? null : parsed(this.format);
  }

  static Template parsed(String format) {
    try {
      return Template.parse(format);
    } catch (TemplateException refused) {
      throw new CliException(
          UNREADABLE_TEMPLATE, "template parsing error: " + refused.text());
    }
  }

  /** Finds each thing and prints all; the exit code is 1 if any was not found. */
  int run(List<String> names, Function<String, Found> find, PrintStream out, PrintStream err) {
    for (String name : names) {
      try {
        add(find.apply(name));
      } catch (ApiException refused) {
        failures.add(refused.shown());
      } catch (TemplateException refused) {
        failures.add("template parsing error: " + refused.text());
      } catch (CliException failed) {
        failures.add(failed.text());
      }
    }
    if (template == null) {
      out.println(
          whole.isEmpty() ? "[]" : format == null ? Base.pretty(whole) : whole.toString());
    } else {
      out.print(written.isEmpty() ? "\n" : written.toString());
    }
    out.flush();
    failures.forEach(err::println);
    return failures.isEmpty() ? 0 : 1;
  }

  private void add(Found found) {
    if (template == null) {
      whole.add(found.node());
    } else {
      written.append(execute(template, found)).append('\n');
    }
  }

  /** Fields that the type does not have are looked for in the answer itself. */
  static String execute(Template template, Found found) {
    try {
      return template.execute(ApiValue.of(found.type(), found.node()));
    } catch (TemplateException notOfTheType) {
      return template.executeStrictly(ApiValue.raw(found.node()));
    }
  }
}
