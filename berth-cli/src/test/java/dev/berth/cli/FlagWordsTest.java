package dev.berth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class FlagWordsTest {
  private static final CommandSpec RUN = new CommandLine(new RunCommands.Run()).getCommandSpec();
  private static final CommandSpec PS =
      new CommandLine(new ViewCommands.ListContainers()).getCommandSpec();

  private static String[] run(String... words) {
    return FlagWords.read(RUN, true, List.of(words)).plain();
  }

  @Test
  void readsLettersTogether() {
    assertThat(run("-itp80:80", "-eA=b", "image", "-x"))
        .containsExactly(
            "--interactive", "--tty", "--publish=80:80", "--env=A=b", "--", "image", "-x");
  }

  @Test
  void theLastValueCounts() {
    assertThat(run("--name", "a", "--name=b", "x")).containsExactly("--name=b", "--", "x");
    assertThat(FlagWords.read(PS, false, List.of("-a", "--all=false")).plain())
        .containsExactly("--");
  }

  @Test
  void optionsMayStandBehindWords() {
    FlagWords read = FlagWords.read(PS, false, List.of("x", "-a", "--", "-q"));
    assertThat(read.positionals()).containsExactly("x", "-q");
    assertThat(read.plain()).containsExactly("--all", "--", "x", "-q");
  }

  @Test
  void asksForHelpByEitherWord() {
    assertThat(FlagWords.read(PS, false, List.of("-h")).help()).isTrue();
    assertThat(FlagWords.read(PS, false, List.of("--help")).help()).isTrue();
    assertThat(FlagWords.read(RUN, true, List.of("-h", "name", "x")).help()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "--foo; unknown flag: --foo",
        "-x; unknown shorthand flag: 'x' in -x",
        "-ax; unknown shorthand flag: 'x' in -x",
        "--last; flag needs an argument: --last",
        "-n; flag needs an argument: 'n' in -n",
        "--last=x; invalid argument \"x\" for \"-n, --last\" flag: strconv.ParseInt: parsing \"x\":"
            + " invalid syntax",
        "--all=maybe; invalid argument \"maybe\" for \"-a, --all\" flag: strconv.ParseBool: parsing"
            + " \"maybe\": invalid syntax",
        "--filter=foo; invalid argument \"foo\" for \"-f, --filter\" flag: bad format of filter"
            + " (expected name=value)"
      })
  void refusesInDockersWords(String word, String message) {
    assertThatThrownBy(() -> FlagWords.read(PS, false, List.of(word)))
        .isInstanceOf(UsageException.class)
        .hasMessage(message);
  }
}
