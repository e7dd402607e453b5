package dev.berth.template;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A part of a parsed template; written out, it reads as the template did. */
sealed interface Node {
  /** Where it stands in the text. */
  int position();

  /** Text that is copied. */
  record Text(int position, String text) implements Node {}

  /** A pipeline whose value is printed, or only kept in a variable. */
  record Action(int position, Pipeline pipeline) implements Node {}

  /** {@code if}, {@code with} and {@code range}: a pipeline that chooses between two bodies. */
  record Branch(
      int position, Kind kind, Pipeline pipeline, List<Node> body, List<Node> otherwise)
      implements Node {
    /** Which of them. */
    enum Kind {
      IF,
      WITH,
      RANGE
    }
  }

  /** {@code break} out of a range. */
  record Break(int position) implements Node {}

  /** {@code continue} with the next of a range. */
  record Continue(int position) implements Node {}

  /** Another template in this place. */
  record Call(int position, String name, @Nullable Pipeline pipeline) implements Node {
    @Override
    public String toString() {
      String given = pipeline == null ? "" : " " + pipeline;
      return "{{template " + GoText.quote(name) + given + "}}";
    }
  }

  /** Commands of which each gives its value to the next. */
  record Pipeline(
      int position, List<Variable> variables, boolean assigns, List<Command> commands)
      implements Node {
    @Override
    public String toString() {
      String names = variables.stream().map(Node::toString).collect(Collectors.joining(", "));
      String text = commands.stream().map(Node::toString).collect(Collectors.joining(" | "));
      return names.isEmpty() ? text : names + (assigns ? " = " : " := ") + text;
    }
  }

  /** An operand, or a function with its arguments. */
  record Command(int position, List<Node> words) implements Node {
    @Override
    public String toString() {
      return words.stream()
          .map(word -> word instanceof Pipeline ? "(" + word + ")" : word.toString())
          .collect(Collectors.joining(" "));
    }
  }

  /** The name of a function. */
  record Identifier(int position, String name) implements Node {
    @Override
    public String toString() {
      return name;
    }
  }

  /** {@code $name}, with fields of its value. */
  record Variable(int position, String name, List<String> fields) implements Node {
    @Override
    public String toString() {
      return fields.isEmpty() ? name : name + "." + String.join(".", fields);
    }
  }

  /** Fields of the current value. */
  record Field(int position, List<String> names) implements Node {
    @Override
    public String toString() {
      return "." + String.join(".", names);
    }
  }

  /** Fields of the value of a pipeline in parentheses. */
  record Chain(int position, Node of, List<String> names) implements Node {
    @Override
    public String toString() {
      String front = of instanceof Pipeline ? "(" + of + ")" : of.toString();
      return front + "." + String.join(".", names);
    }
  }

  /** The current value. */
  record Dot(int position) implements Node {
    @Override
    public String toString() {
      return ".";
    }
  }

  /** The untyped nothing. */
  record Nil(int position) implements Node {
    @Override
    public String toString() {
      return "nil";
    }
  }

  /** A string, number or boolean as written. */
  record Constant(int position, Object value, String text) implements Node {
    @Override
    public String toString() {
      return text;
    }
  }
}
