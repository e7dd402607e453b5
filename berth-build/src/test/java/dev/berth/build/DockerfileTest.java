package dev.berth.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DockerfileTest {

  private static Dockerfile parse(String... lines) {
    return Dockerfile.parse("Dockerfile", String.join("\n", lines) + "\n");
  }

  private static Instruction only(String... lines) {
    Dockerfile file = parse("FROM base\n" + String.join("\n", lines));
    assertThat(file.stages().getFirst().instructions()).hasSize(1);
    return file.stages().getFirst().instructions().getFirst();
  }

  @Test
  void knowsStagesAndWhatStandsBeforeThem() {
    Dockerfile file =
        parse(
            "# syntax=docker/dockerfile:1",
            "ARG VERSION=1",
            "FROM --platform=linux/amd64 base:${VERSION} AS Build",
            "RUN make",
            "from scratch",
            "COPY --from=build /a /b");
    assertThat(file.arguments()).hasSize(1);
    assertThat(file.stages())
        .extracting(stage -> stage.from().base(), stage -> stage.from().name())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("base:${VERSION}", "build"),
            org.assertj.core.groups.Tuple.tuple("scratch", ""));
    assertThat(file.stages().getFirst().from().platform()).isEqualTo("linux/amd64");
    assertThat(file.stagesUpTo("BUILD")).hasSize(1);
    assertThat(file.stagesUpTo("1")).hasSize(2);
    assertThatThrownBy(() -> file.stagesUpTo("none"))
        .hasMessage("target stage \"none\" could not be found");
  }

  @Test
  void joinsLinesAndPassesOverComments() {
    Instruction.Run run =
        (Instruction.Run) only("RUN a && \\", "  # a comment", "", "  b \\", "  c  ");
    assertThat(run.command().words()).containsExactly("a &&   b   c");
    assertThat(parse("FROM a", "RUN x \\", "", "y").warnings())
        .containsExactly("Empty continuation line found in: RUN x y");
  }

  @Test
  void takesAnotherEscapeCharacter() {
    Dockerfile file = parse("# escape=`", "FROM base", "RUN a `", "b\\");
    assertThat(file.escape()).isEqualTo('`');
    assertThat(((Instruction.Run) file.stages().getFirst().instructions().getFirst()).command())
        .isEqualTo(new Instruction.CommandLine(List.of("a b\\"), true));
  }

  @Test
  void tellsJsonFromShell() {
    assertThat(((Instruction.Cmd) only("CMD [\"a\", \"b c\"]")).command())
        .isEqualTo(new Instruction.CommandLine(List.of("a", "b c"), false));
    assertThat(((Instruction.Entrypoint) only("ENTRYPOINT [ -f x ] && y")).command())
        .isEqualTo(new Instruction.CommandLine(List.of("[ -f x ] && y"), true));
  }

  @Test
  void readsBothFormsOfPairs() {
    assertThat(((Instruction.Env) only("ENV a=b c=\"d e\" f\\ g=h")).pairs())
        .extracting(Instruction.Pair::toString)
        .containsExactly("a=b", "c=\"d e\"", "f\\ g=h");
    assertThat(((Instruction.Env) only("ENV name the rest  of it")).pairs())
        .containsExactly(new Instruction.Pair("name", "the rest  of it"));
  }

  @Test
  void readsHeredocs() {
    Instruction.Run run =
        (Instruction.Run) only("RUN <<-END cat > /x", "\tone", "\t\ttwo", "\tEND");
    assertThat(run.heredocs().getFirst().text()).isEqualTo("one\ntwo\n");
    Instruction.Copy copy = (Instruction.Copy) only("COPY <<a <<'b' /to/", "$x", "a", "$x", "b");
    assertThat(copy.texts())
        .extracting(Heredoc::name, Heredoc::expand, Heredoc::text)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", true, "$x\n"),
            org.assertj.core.groups.Tuple.tuple("b", false, "$x\n"));
    Instruction.OnBuild trigger = (Instruction.OnBuild) only("ONBUILD RUN <<X", "echo", "X");
    assertThat(trigger.trigger()).isEqualTo("RUN <<X\necho\nX");
  }

  @Test
  void readsFlags() {
    Instruction.Copy copy =
        (Instruction.Copy)
            only("COPY --from=x --chown=1:2 --chmod=755 --link --exclude=*.o a \"b c\" /d/");
    assertThat(copy.choices())
        .isEqualTo(new Instruction.CopyChoices("x", "1:2", "755", "", List.of("*.o"), false));
    Instruction.Health health =
        (Instruction.Health)
            only("HEALTHCHECK --interval=1m30s --timeout=5s --retries=4 CMD curl -f x");
    assertThat(health.check().test()).containsExactly("CMD-SHELL", "curl -f x");
    assertThat(health.check().interval()).isEqualTo(Duration.ofSeconds(90));
    assertThat(health.check().retries()).isEqualTo(4);
    assertThat(((Instruction.Run) only("RUN --network=none true")).network()).isEqualTo("none");
  }

  static Stream<Arguments> mistakes() {
    String line2 = "dockerfile parse error on line 2: ";
    String buildKit =
        " option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to"
            + " build images with BuildKit enabled";
    return Stream.of(
        Arguments.of("", "the Dockerfile (Dockerfile) cannot be empty"),
        Arguments.of("# nothing\n", "failed to parse Dockerfile: file with no instructions"),
        Arguments.of("RUN x\n", "no build stage in current context"),
        Arguments.of("FROM a\nFORM b\n", line2 + "unknown instruction: FORM (did you mean FROM?)"),
        Arguments.of("FROM a\nXYZZYX b\n", line2 + "unknown instruction: XYZZYX"),
        Arguments.of(
            "FROM a b\n",
            "dockerfile parse error on line 1: FROM requires either one or" + " three arguments"),
        Arguments.of(
            "FROM a AS 1x\n",
            "dockerfile parse error on line 1: invalid name for build"
                + " stage: \"1x\", name can't start with a number or contain symbols"),
        Arguments.of("FROM a\nENV x\n", line2 + "ENV must have two arguments"),
        Arguments.of("FROM a\nENV =x\n", line2 + "ENV names can not be blank"),
        Arguments.of(
            "FROM a\nLABEL a=b c\n",
            line2 + "Syntax error - can't find = in \"c\". Must be of the form: name=value"),
        Arguments.of(
            "FROM a\nCOPY x\n",
            line2
                + "COPY requires at least two arguments, but only one was provided. Destination"
                + " could not be determined"),
        Arguments.of("FROM a\nCOPY --form=x a b\n", line2 + "unknown flag: --form"),
        Arguments.of("FROM a\nCOPY --from a b\n", line2 + "missing a value on flag: --from"),
        Arguments.of(
            "FROM a\nCOPY --from=x --from=y a b\n", line2 + "duplicate flag specified: --from"),
        Arguments.of("FROM a\nRUN --mount=type=cache x\n", line2 + "the --mount" + buildKit),
        Arguments.of("FROM a\nWORKDIR\n", line2 + "WORKDIR requires exactly one argument"),
        Arguments.of("FROM a\nEXPOSE\n", line2 + "EXPOSE requires at least one argument"),
        Arguments.of(
            "FROM a\nSHELL bash\n",
            line2 + "SHELL requires the arguments to be in JSON form, not: SHELL bash"),
        Arguments.of(
            "FROM a\nONBUILD FROM x\n", line2 + "FROM isn't allowed as an ONBUILD trigger"),
        Arguments.of(
            "FROM a\nONBUILD ONBUILD RUN x\n",
            line2 + "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
        Arguments.of("FROM a\nHEALTHCHECK NONE x\n", line2 + "HEALTHCHECK NONE takes no arguments"),
        Arguments.of("FROM a\nHEALTHCHECK CMD\n", line2 + "Missing command after HEALTHCHECK CMD"),
        Arguments.of(
            "FROM a\nCMD [1]\n",
            line2 + "when using JSON array syntax, arrays must be comprised of strings only"),
        Arguments.of(
            "FROM a\nCOPY <<X /x\nnever ends\n",
            "failed to parse Dockerfile: unterminated heredoc"),
        Arguments.of(
            "# escape=x\nFROM a\n",
            "failed to parse Dockerfile: invalid escape token 'x' does not match ` or \\"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void tellsMistakesInDockersWords(String text, String message) {
    assertThatThrownBy(() -> Dockerfile.parse("Dockerfile", text)).hasMessage(message);
  }
}
