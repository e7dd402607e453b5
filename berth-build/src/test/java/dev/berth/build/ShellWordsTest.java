package dev.berth.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.GoQuote;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellWordsTest {
  private static final Map<String, String> VARIABLES =
      Map.of("name", "value", "empty", "", "path", "/usr/lib/a.tar.gz", "two", "a b");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain|plain",
        "$name|value",
        "${name}x|valuex",
        "$none-|-",
        "${none:-word}|word",
        "${none-word}|word",
        "${empty:-word}|word",
        "x${empty-word}|x",
        "${name:-word}|value",
        "x${none:+word}|x",
        "${name:+word}|word",
        "x${empty:+word}|x",
        "${empty+word}|word",
        "${none:-${name}}|value",
        "'$name'|$name",
        "\"$name\"|value",
        "\"a\\\"b\"|a\"b",
        "\\$name|$name",
        "a\\ b|a b",
        "$|$",
        "\"a $name b\"|a value b",
        "${path#*/}|usr/lib/a.tar.gz",
        "${path##*/}|a.tar.gz",
        "${path%.*}|/usr/lib/a.tar",
        "${path%%.*}|/usr/lib/a",
        "${path/lib/share}|/usr/share/a.tar.gz",
        "${path//a/o}|/usr/lib/o.tor.gz",
        "${1}|``",
        "<|<",
      })
  void replacesVariablesAndTakesQuotesAway(String word, String expected) {
    assertThat(ShellWords.of('\\').expand(word, VARIABLES)).isEqualTo(expected);
  }

  @Test
  void takesTheEscapeCharacterOfTheFile() {
    assertThat(ShellWords.of('`').expand("c:\\$name`$name", VARIABLES)).isEqualTo("c:\\value$name");
  }

  @Test
  void takesApartAtSpacesThatAreNotQuoted() {
    assertThat(ShellWords.of('\\').split("a 'b c' $two \"$two\"", VARIABLES))
        .containsExactly("a", "b c", "a", "b", "a b");
  }

  @Test
  void leavesTheQuotesOfTexts() {
    assertThat(ShellWords.ofTexts().expand("it's \"$name\" \\$name\n", VARIABLES))
        .isEqualTo("it's \"value\" $name\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'open|unexpected end of statement while looking for matching single-quote",
        "\"open|unexpected end of statement while looking for matching double-quote",
        "${name|unsupported modifier () in substitution",
        "${|syntax error: missing '}'",
        "${}|syntax error: bad substitution",
        "${name:-x|syntax error: missing '}'",
        "${name=x}|unsupported modifier (=) in substitution",
        "${name:#x}|unsupported modifier (:#) in substitution",
        "${none?}|none: is not allowed to be unset",
        "${none:?wanted}|none: wanted",
        "${empty:?}|empty: is not allowed to be empty",
      })
  void refusesWhatItCannotRead(String word, String reason) {
    assertThatThrownBy(() -> ShellWords.of('\\').expand(word, VARIABLES))
        .hasMessage("failed to process " + GoQuote.quote(word) + ": " + reason);
  }
}
