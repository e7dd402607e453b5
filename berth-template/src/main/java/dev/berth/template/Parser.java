package dev.berth.template;

import dev.berth.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the tree of a template, by recursive descent. */
final class Parser {
  private final String text;
  private final List<Token> tokens;
  private final List<String> variables = new ArrayList<>(List.of("$"));
  private final Map<String, List<Node>> defined = new HashMap<>();
  private int next;
  private int ranges;

  Parser(String text) {
    this.text = text;
    this.tokens = new Lexer(text).tokens();
  }

  /** A list of nodes, and the keyword that ended it. */
  private record Body(List<Node> nodes, String endedBy) {}

  Template parse() {
    List<Node> nodes = new ArrayList<>();
    while (!peek().is(Kind.END)) {
      String end = element(nodes);
      if (end != null) {
        throw failure("unexpected {{" + end + "}}");
      }
    }
    return new Template(text, nodes, defined);
  }

  private Body body() {
    List<Node> nodes = new ArrayList<>();
    while (!peek().is(Kind.END)) {
      String end = element(nodes);
      if (end != null) {
        return new Body(nodes, end);
      }
    }
    throw failure("unexpected EOF");
  }

  /** Adds one piece of text or one action; returns the keyword where a body ends instead. */
  private @Nullable String element(List<Node> nodes) {
    Token token = nextNonSpace();
    if (token.is(Kind.TEXT)) {
      nodes.add(new Node.Text(token.position(), token.text()));
      return null;
    }
    if (!token.is(Kind.LEFT)) {
      throw unexpected(token, "input");
    }
    Token word = nextNonSpace();
    if (!word.is(Kind.KEYWORD)) {
      next--;
      int scope = variables.size();
      Node.Pipeline pipeline = pipeline("command", Kind.RIGHT);
      nodes.add(new Node.Action(word.position(), pipeline));
      if (pipeline.variables().isEmpty()) {
        forget(scope);
      }
      return null;
    }
    return keyword(word, nodes);
  }

  private @Nullable String keyword(Token word, List<Node> nodes) {
    switch (word.text()) {
      case "end" -> {
        expectRight("end");
        return "end";
      }
      case "else" -> {
        Token behind = peekNonSpace();
        if (behind.is(Kind.KEYWORD) && (behind.isKeyword("if") || behind.isKeyword("with"))) {
          return "else";
        }
        expectRight("else");
        return "else";
      }
      case "if" -> nodes.add(branch(word, Node.Branch.Kind.IF));
      case "with" -> nodes.add(branch(word, Node.Branch.Kind.WITH));
      case "range" -> nodes.add(branch(word, Node.Branch.Kind.RANGE));
      case "break" -> {
        expectInRange("break");
        nodes.add(new Node.Break(word.position()));
      }
      case "continue" -> {
        expectInRange("continue");
        nodes.add(new Node.Continue(word.position()));
      }
      case "template" -> nodes.add(call());
      case "define" -> define();
      default -> nodes.add(block(word));
    }
    return null;
  }

  private void expectInRange(String word) {
    expectRight(word);
    if (ranges == 0) {
      throw failure("{{" + word + "}} outside {{range}}");
    }
  }

  private Node.Branch branch(Token word, Node.Branch.Kind kind) {
    String context = word.text();
    int scope = variables.size();
    Node.Pipeline pipeline = pipeline(context, Kind.RIGHT);
    ranges += kind == Node.Branch.Kind.RANGE ? 1 : 0;
    Body body = body();
    ranges -= kind == Node.Branch.Kind.RANGE ? 1 : 0;
    List<Node> otherwise = List.of();
    if (body.endedBy().equals("else")) {
      otherwise = otherwise(context);
    }
    forget(scope);
    return new Node.Branch(word.position(), kind, pipeline, body.nodes(), otherwise);
  }

  /** Behind {@code else if} stands a branch of its own, whose end is this one's end as well. */
  private List<Node> otherwise(String context) {
    Token behind = peekNonSpace();
    if (behind.is(Kind.KEYWORD) && behind.isKeyword(context) && !context.equals("range")) {
      nextNonSpace();
      return List.of(
          branch(
              behind,
              context.equals("if") ? Node.Branch.Kind.IF : Node.Branch.Kind.WITH));
    }
    if (behind.is(Kind.KEYWORD)) {
      throw unexpected(nextNonSpace(), "input");
    }
    Body body = body();
    if (!body.endedBy().equals("end")) {
      throw failure("expected end; found {{else}}");
    }
    return body.nodes();
  }

  private Node.Call call() {
    int position = peekNonSpace().position();
    String name = name("template clause");
    Node.Pipeline pipeline = null;
    if (peekNonSpace().is(Kind.RIGHT)) {
      nextNonSpace();
    } else {
      pipeline = pipeline("template clause", Kind.RIGHT);
    }
    return new Node.Call(position, name, pipeline);
  }

  private void define() {
    String name = name("define clause");
    expectRight("define clause");
    defined.put(name, ownBody("define clause"));
  }

  private Node.Call block(Token word) {
    String name = name("block clause");
    Node.Pipeline pipeline = pipeline("block clause", Kind.RIGHT);
    defined.putIfAbsent(name, ownBody("block clause"));
    return new Node.Call(word.position(), name, pipeline);
  }

  /** The body of a template within, which knows no variables of the outer one. */
  private List<Node> ownBody(String context) {
    List<String> outer = new ArrayList<>(variables);
    forget(1);
    Body body = body();
    if (!body.endedBy().equals("end")) {
      throw failure("unexpected {{else}} in " + context);
    }
    variables.clear();
    variables.addAll(outer);
    return body.nodes();
  }

  private String name(String context) {
    Token token = nextNonSpace();
    if (!token.is(Kind.STRING) && !token.is(Kind.RAW_STRING)) {
      throw unexpected(token, context);
    }
    return unquoted(token);
  }

  private Node.Pipeline pipeline(String context, Kind end) {
    int position = peekNonSpace().position();
    List<Node.Variable> declared = new ArrayList<>();
    boolean assigns = declarations(context, declared);
    List<Node.Command> commands = new ArrayList<>();
    while (true) {
      Token token = nextNonSpace();
      switch (token.kind()) {
        case RIGHT, RIGHT_PARENTHESIS -> {
          if (!token.is(end)) {
            throw unexpected(token, context);
          }
          check(commands, context);
          return new Node.Pipeline(position, declared, assigns, commands);
        }
        case BOOLEAN,
            CHARACTER,
            DOT,
            FIELD,
            IDENTIFIER,
            NUMBER,
            NIL,
            RAW_STRING,
            STRING,
            VARIABLE,
            LEFT_PARENTHESIS -> {
          next--;
          commands.add(command());
        }
        default -> throw unexpected(token, context);
      }
    }
  }

  /** Reads {@code $x :=}, {@code $x =} or {@code $k, $v :=}; returns whether it only assigns. */
  private boolean declarations(String context, List<Node.Variable> declared) {
    int start = next;
    Token variable = nextNonSpace();
    if (!variable.is(Kind.VARIABLE)) {
      next = start;
      return false;
    }
    Token sign = nextNonSpace();
    Token second = null;
    if (sign.text().equals(",")) {
      second = nextNonSpace();
      sign = nextNonSpace();
      if (!context.equals("range") || sign.text().equals(",")) {
        throw failure("too many declarations in " + context);
      }
      if (!second.is(Kind.VARIABLE)) {
        throw failure("range can only initialize variables");
      }
    }
    if (!sign.is(Kind.ASSIGN) && !sign.is(Kind.DECLARE)) {
      next = start;
      return false;
    }
    boolean assigns = sign.is(Kind.ASSIGN);
    declare(variable, assigns, declared);
    if (second != null) {
      declare(second, assigns, declared);
    }
    return assigns;
  }

  private void declare(Token variable, boolean assigns, List<Node.Variable> declared) {
    if (assigns && !variables.contains(variable.text())) {
      throw failure("undefined variable " + GoText.quote(variable.text()));
    }
    declared.add(new Node.Variable(variable.position(), variable.text(), List.of()));
    variables.add(variable.text());
  }

  private void check(List<Node.Command> commands, String context) {
    if (commands.isEmpty()) {
      throw failure("missing value for " + context);
    }
    for (int stage = 1; stage < commands.size(); stage++) {
      Node first = commands.get(stage).words().getFirst();
      if (first instanceof Node.Constant
          || first instanceof Node.Dot
          || first instanceof Node.Nil) {
        throw failure("non executable command in pipeline stage " + (stage + 1));
      }
    }
  }

  private Node.Command command() {
    int position = peekNonSpace().position();
    List<Node> words = new ArrayList<>();
    while (true) {
      skipSpaces();
      Node operand = operand();
      if (operand != null) {
        words.add(operand);
      }
      Token token = tokens.get(next++);
      if (token.is(Kind.SPACE)) {
        continue;
      }
      if (token.is(Kind.RIGHT) || token.is(Kind.RIGHT_PARENTHESIS)) {
        next--;
      } else if (!token.is(Kind.PIPE)) {
        throw unexpected(token, "operand");
      }
      break;
    }
    if (words.isEmpty()) {
      throw failure("empty command");
    }
    return new Node.Command(position, words);
  }

  private @Nullable Node operand() {
    Node term = term();
    if (term == null || !peek().is(Kind.FIELD)) {
      return term;
    }
    int position = peek().position();
    List<String> names = new ArrayList<>();
    while (peek().is(Kind.FIELD)) {
      names.add(tokens.get(next++).text().substring(1));
    }
    return switch (term) {
      case Node.Field field -> new Node.Field(position, joined(field.names(), names));
      case Node.Variable variable ->
          new Node.Variable(position, variable.name(), joined(variable.fields(), names));
      case Node.Constant constant ->
          throw failure("unexpected . after term " + GoText.quote(constant.text()));
      case Node.Nil _ -> throw failure("unexpected . after term \"nil\"");
      case Node.Dot _ -> throw failure("unexpected . after term \".\"");
      default -> new Node.Chain(position, term, names);
    };
  }

  private static List<String> joined(List<String> first, List<String> second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private @Nullable Node term() {
    Token token = nextNonSpace();
    return switch (token.kind()) {
      case IDENTIFIER -> {
        if (!Functions.ALL.containsKey(token.text())) {
          throw failure("function " + GoText.quote(token.text()) + " not defined");
        }
        yield new Node.Identifier(token.position(), token.text());
      }
      case DOT -> new Node.Dot(token.position());
      case NIL -> new Node.Nil(token.position());
      case VARIABLE -> {
        if (!variables.contains(token.text())) {
          throw failure("undefined variable " + GoText.quote(token.text()));
        }
        yield new Node.Variable(token.position(), token.text(), List.of());
      }
      case FIELD -> new Node.Field(token.position(), List.of(token.text().substring(1)));
      case BOOLEAN -> constant(token, token.text().equals("true"));
      case NUMBER -> constant(token, Numbers.parse(token.text()));
      case CHARACTER -> constant(token, character(token));
      case STRING, RAW_STRING -> constant(token, unquoted(token));
      case LEFT_PARENTHESIS -> pipeline("parenthesized pipeline", Kind.RIGHT_PARENTHESIS);
      default -> {
        next--;
        yield null;
      }
    };
  }

  private long character(Token token) {
    String inner = unquoted(token);
    if (inner.codePointCount(0, inner.length()) != 1) {
      throw failure("malformed character constant: " + token.text());
    }
    return inner.codePointAt(0);
  }

  private static Node.Constant constant(Token token, @Nullable Object value) {
    return new Node.Constant(token.position(), value == null ? "" : value, token.text());
  }

  private String unquoted(Token token) {
    String inner = token.text().substring(1, token.text().length() - 1);
    return token.is(Kind.RAW_STRING) ? inner : GoText.unescape(inner);
  }

  private void forget(int scope) {
    variables.subList(scope, variables.size()).clear();
  }

  private void expectRight(String context) {
    Token token = nextNonSpace();
    if (!token.is(Kind.RIGHT)) {
      throw unexpected(token, context);
    }
  }

  private void skipSpaces() {
    while (peek().is(Kind.SPACE)) {
      next++;
    }
  }

  private Token nextNonSpace() {
    skipSpaces();
    Token token = peek();
    next++;
    return token;
  }

  private Token peekNonSpace() {
    skipSpaces();
    return peek();
  }

  private Token peek() {
    return tokens.get(Math.min(next, tokens.size() - 1));
  }

  private TemplateException unexpected(Token token, String context) {
    return token.is(Kind.ERROR)
        ? failure(token.text())
        : failure("unexpected " + token.shown() + " in " + context);
  }

  private TemplateException failure(String message) {
    int last = Math.min(Math.max(next - 1, 0), tokens.size() - 1);
    return Template.refused(text, tokens.get(last).position(), message);
  }
}
