package dev.berth.template;

import dev.berth.template.Functions.Function;
import dev.berth.template.Functions.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of a template over one value. */
final class Execution {
  private static final int MAXIMUM_DEPTH = 1_000;

  /** What a map gives for a key it does not have, which is less than a nil that it has. */
  private static final Object MISSING = new Object();

  private final Template template;
  private final Map<String, Function> functions;
  private final boolean strict;
  private final StringBuilder out = new StringBuilder();
  private List<Binding> variables = new ArrayList<>();
  private int depth;
  private Node looking = new Node.Dot(0);

  Execution(Template template, Map<String, Function> functions, boolean strict) {
    this.template = template;
    this.functions = functions;
    this.strict = strict;
  }

  private static final class Binding {
    private final String name;
    private @Nullable Object value;

    Binding(String name, @Nullable Object value) {
      this.name = name;
      this.value = value;
    }
  }

  /** How a body ended. */
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  String run(@Nullable Object data) {
    variables.add(new Binding("$", data));
    walk(template.body(), data);
    return out.toString();
  }

  private Flow walk(List<Node> nodes, @Nullable Object dot) {
    for (Node node : nodes) {
      Flow flow = walk(node, dot);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Flow walk(Node node, @Nullable Object dot) {
    at(node);
    switch (node) {
      case Node.Text text -> out.append(text.text());
      case Node.Action action -> {
        Object value = pipeline(action.pipeline(), dot);
        if (action.pipeline().variables().isEmpty()) {
          out.append(value == null ? "<no value>" : GoText.plain(value));
        }
      }
      case Node.Branch branch -> {
        return branch(branch, dot);
      }
      case Node.Break _ -> {
        return Flow.BREAK;
      }
      case Node.Continue _ -> {
        return Flow.CONTINUE;
      }
      case Node.Call call -> call(call, dot);
      default -> throw new AssertionError("not a statement: " + node);
    }
    return Flow.ON;
  }

  private Flow branch(Node.Branch branch, @Nullable Object dot) {
    int scope = variables.size();
    try {
      if (branch.kind() == Node.Branch.Kind.RANGE) {
        return range(branch, value(branch.pipeline(), dot), dot);
      }
      Object value = pipeline(branch.pipeline(), dot);
      if (!Kind.truth(value)) {
        return walk(branch.otherwise(), dot);
      }
      return walk(branch.body(), branch.kind() == Node.Branch.Kind.WITH ? value : dot);
    } finally {
      forget(scope);
    }
  }

  private Flow range(Node.Branch branch, @Nullable Object value, @Nullable Object dot) {
    boolean any =
        switch (value) {
          case null -> false;
          case List<?> list -> {
            long index = 0;
            for (Object item : list) {
              if (!step(branch, index++, item)) {
                break;
              }
            }
            yield !list.isEmpty();
          }
          case Map<?, ?> map -> {
            for (Map.Entry<String, @Nullable Object> entry : GoText.sorted(map).entrySet()) {
              if (!step(branch, entry.getKey(), entry.getValue())) {
                break;
              }
            }
            yield !map.isEmpty();
          }
          case Long count -> {
            for (long index = 0; index < count; index++) {
              if (!step(branch, index, index)) {
                break;
              }
            }
            yield count > 0;
          }
          default -> throw failure("range can't iterate over " + GoText.plain(value));
        };
    return any ? Flow.ON : walk(branch.otherwise(), dot);
  }

  /** Runs the body for one item; returns whether the range goes on. */
  private boolean step(Node.Branch branch, @Nullable Object key, @Nullable Object item) {
    List<Node.Variable> declared = branch.pipeline().variables();
    int scope = variables.size();
    if (!declared.isEmpty()) {
      bind(branch.pipeline(), declared.getLast(), item);
    }
    if (declared.size() > 1) {
      bind(branch.pipeline(), declared.getFirst(), key);
    }
    Flow flow = walk(branch.body(), item);
    forget(scope);
    return flow != Flow.BREAK;
  }

  private void call(Node.Call call, @Nullable Object dot) {
    List<Node> body = template.defined(call.name());
    if (body == null) {
      throw failure("template " + GoText.quote(call.name()) + " not defined");
    }
    if (depth++ == MAXIMUM_DEPTH) {
      throw failure("exceeded maximum template depth (" + MAXIMUM_DEPTH + ")");
    }
    Node.Pipeline given = call.pipeline();
    Object value = given == null ? null : pipeline(given, dot);
    List<Binding> outer = variables;
    variables = new ArrayList<>(List.of(new Binding("$", value)));
    walk(body, value);
    variables = outer;
    depth--;
  }

  private void forget(int scope) {
    variables.subList(scope, variables.size()).clear();
  }

  /** Gives a variable its value: the innermost of that name, or a new one. */
  private void bind(Node.Pipeline pipeline, Node.Variable variable, @Nullable Object value) {
    if (pipeline.assigns()) {
      for (Binding binding : variables.reversed()) {
        if (binding.name.equals(variable.name())) {
          binding.value = value;
          return;
        }
      }
    }
    variables.add(new Binding(variable.name(), value));
  }

  private @Nullable Object pipeline(Node.Pipeline pipeline, @Nullable Object dot) {
    Object result = value(pipeline, dot);
    if (!pipeline.variables().isEmpty()) {
      bind(pipeline, pipeline.variables().getFirst(), result);
    }
    return result;
  }

  private @Nullable Object value(Node.Pipeline pipeline, @Nullable Object dot) {
    at(pipeline);
    Object value = MISSING;
    boolean first = true;
    for (Node.Command command : pipeline.commands()) {
      value = command(command, dot, first ? null : new Piped(value == MISSING ? null : value));
      first = false;
    }
    return value == MISSING ? null : value;
  }

  /** The value that comes from the command in front. */
  private record Piped(@Nullable Object value) {}

  private @Nullable Object command(
      Node.Command command, @Nullable Object dot, @Nullable Piped piped) {
    Node first = command.words().getFirst();
    at(first);
    switch (first) {
      case Node.Identifier identifier -> {
        return function(identifier, command, dot, piped);
      }
      case Node.Field field -> {
        return fields(dot, field.names(), new Given(command.words(), dot, piped));
      }
      case Node.Chain chain -> {
        Object value = operand(chain.of(), dot);
        return fields(value, chain.names(), new Given(command.words(), dot, piped));
      }
      case Node.Variable variable -> {
        Given given = new Given(command.words(), dot, piped);
        if (variable.fields().isEmpty()) {
          refuseArguments(command, piped);
        }
        return fields(variable(variable.name()), variable.fields(), given);
      }
      default -> {
        refuseArguments(command, piped);
        if (first instanceof Node.Nil) {
          throw failure("nil is not a command");
        }
        return operand(first, dot);
      }
    }
  }

  /** What stands behind a name and may be its arguments. */
  private record Given(List<Node> words, @Nullable Object dot, @Nullable Piped piped) {
    boolean any() {
      return words.size() > 1 || piped != null;
    }
  }

  private void refuseArguments(Node.Command command, @Nullable Piped piped) {
    if (command.words().size() > 1 || piped != null) {
      throw failure("can't give argument to non-function " + shown(command.words().getFirst()));
    }
  }

  private static String shown(Node node) {
    return node instanceof Node.Pipeline ? "(" + node + ")" : node.toString();
  }

  /** The value of a word that is no command. */
  private @Nullable Object operand(Node node, @Nullable Object dot) {
    at(node);
    return switch (node) {
      case Node.Dot _ -> dot;
      case Node.Nil _ -> null;
      case Node.Constant constant -> constant.value();
      case Node.Pipeline pipeline -> pipeline(pipeline, dot);
      case Node.Field _, Node.Chain _, Node.Variable _, Node.Identifier _ -> {
        Object value = command(new Node.Command(node.position(), List.of(node)), dot, null);
        yield value == MISSING ? null : value;
      }
      default -> throw new AssertionError("not an operand: " + node);
    };
  }

  private @Nullable Object variable(String name) {
    for (Binding binding : variables.reversed()) {
      if (binding.name.equals(name)) {
        return binding.value;
      }
    }
    throw new AssertionError("the parser let an unknown variable pass: " + name);
  }

  private @Nullable Object fields(@Nullable Object from, List<String> names, Given given) {
    Object value = from;
    for (int i = 0; i < names.size(); i++) {
      boolean last = i == names.size() - 1;
      value = field(value, new Step(names.get(i), i == 0), last ? given : null);
    }
    return value;
  }

  /** One name of a chain of them. */
  private record Step(String name, boolean first) {}

  private @Nullable Object field(@Nullable Object of, Step step, @Nullable Given given) {
    String name = step.name();
    boolean hasArguments = given != null && given.any();
    switch (of) {
      case null -> {
        if (!step.first()) {
          throw failure("nil pointer evaluating interface {}." + name);
        }
        if (strict) {
          throw failure("nil data; no entry for key " + GoText.quote(name));
        }
        return MISSING;
      }
      case NilPointer pointer ->
          throw failure("nil pointer evaluating *" + pointer.type() + "." + name);
      case Map<?, ?> map -> {
        if (hasArguments) {
          throw failure(name + " is not a method but has arguments");
        }
        if (!map.containsKey(name) && strict) {
          throw failure("map has no entry for key " + GoText.quote(name));
        }
        return map.containsKey(name) ? map.get(name) : MISSING;
      }
      case Structure structure when structure.has(name) -> {
        return member(structure, name, given);
      }
      default -> {
        if (of == MISSING) {
          return MISSING;
        }
        throw failure("can't evaluate field " + name + " in type " + Kind.type(of));
      }
    }
  }

  private @Nullable Object member(Structure structure, String name, @Nullable Given given) {
    Node here = looking;
    List<@Nullable Object> arguments = new ArrayList<>();
    if (given != null) {
      for (Node word : given.words().subList(1, given.words().size())) {
        arguments.add(operand(word, given.dot()));
      }
      Piped piped = given.piped();
      if (piped != null) {
        arguments.add(piped.value());
      }
    }
    try {
      return structure.field(name, arguments);
    } catch (IllegalArgumentException refused) {
      at(here);
      throw failure(String.valueOf(refused.getMessage()));
    }
  }

  private @Nullable Object function(
      Node.Identifier identifier,
      Node.Command command,
      @Nullable Object dot,
      @Nullable Piped piped) {
    String name = identifier.name();
    List<Node> words = command.words();
    Function function = functions.get(name);
    if (function == null) {
      throw failure(GoText.quote(name) + " is not a defined function");
    }
    int count = words.size() - 1 + (piped == null ? 0 : 1);
    checkCount(name, function, count);
    if (name.equals("and") || name.equals("or")) {
      return shortCut(name.equals("or"), words, dot, piped);
    }
    List<@Nullable Object> arguments = new ArrayList<>();
    for (int i = 1; i < words.size(); i++) {
      Object value = operand(words.get(i), dot);
      arguments.add(checked(words.get(i), value, function.type(i - 1)));
    }
    if (piped != null) {
      Node last = words.getLast();
      arguments.add(checked(last, piped.value(), function.type(words.size() - 1)));
    }
    try {
      return function.body().call(arguments);
    } catch (IllegalArgumentException refused) {
      at(command);
      throw failure("error calling " + name + ": " + refused.getMessage());
    }
  }

  private void checkCount(String name, Function function, int count) {
    if (function.variadic() ? count < function.minimum() : count != function.minimum()) {
      throw failure(
          "wrong number of args for "
              + name
              + ": want "
              + (function.variadic() ? "at least " : "")
              + function.minimum()
              + " got "
              + count);
    }
  }

  /** The first value that decides, or the last; what stands behind it is not looked at. */
  private @Nullable Object shortCut(
      boolean until, List<Node> words, @Nullable Object dot, @Nullable Piped piped) {
    Object value = null;
    for (Node word : words.subList(1, words.size())) {
      value = operand(word, dot);
      if (Kind.truth(value) == until) {
        return value;
      }
    }
    return piped == null ? value : piped.value();
  }

  private @Nullable Object checked(Node word, @Nullable Object value, Type type) {
    boolean fits =
        switch (type) {
          case ANY -> true;
          case STRING -> value instanceof String;
          case INTEGER -> value instanceof Long;
        };
    if (fits) {
      return value;
    }
    String wanted = type == Type.STRING ? "string" : "int";
    at(word);
    if (word instanceof Node.Constant) {
      String expected = type == Type.STRING ? "string" : "integer";
      throw failure("expected " + expected + "; found " + word);
    }
    throw failure(
        value == null
            ? "invalid value; expected " + wanted
            : "wrong type for value; expected " + wanted + "; got " + Kind.type(value));
  }

  /** Messages name the part that was looked at last. */
  private void at(Node node) {
    looking = node;
  }

  private TemplateException failure(String message) {
    return new TemplateException(
        "template: :"
            + template.place(looking.position())
            + ": executing \"\" at <"
            + looking
            + ">: "
            + message);
  }
}
