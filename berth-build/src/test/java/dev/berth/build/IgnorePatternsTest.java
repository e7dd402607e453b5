package dev.berth.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnorePatternsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "*.md README.md true",
        "*.md docs/README.md false",
        "**/*.md docs/a/README.md true",
        "**/*.md README.md true",
        "docs docs/a/b true",
        "/docs docs/a true",
        "docs/ docs/a true",
        "./docs docs true",
        "docs/** docs/a/b true",
        "docs/** docs false",
        "a?c abc true",
        "a?c a/c false",
        "[ab]c bc true",
        "[^ab]c bc false",
        "[a-c]x bx true",
        "a/../b b true",
        "** anything/at/all true",
        "a.b axb false",
        "\\*x *x true",
        "\\*x ax false",
      })
  void matchesAsDockerDoes(String pattern, String path, boolean out) {
    assertThat(IgnorePatterns.read(pattern).leavesOut(path)).isEqualTo(out);
  }

  @Test
  void letsTheLastMatchDecide() {
    IgnorePatterns patterns = IgnorePatterns.read("*.md\n!README*.md\nREADME-secret.md\n");
    assertThat(patterns.leavesOut("a.md")).isTrue();
    assertThat(patterns.leavesOut("README.md")).isFalse();
    assertThat(patterns.leavesOut("README-secret.md")).isTrue();
  }

  @Test
  void keepsWhatIsExceptedInAFolderThatIsLeftOut() {
    IgnorePatterns patterns = IgnorePatterns.read("# comment\n\n  build  \n! build/keep\n");
    assertThat(patterns.leavesOut("build")).isTrue();
    assertThat(patterns.leavesOut("build/other")).isTrue();
    assertThat(patterns.leavesOut("build/keep/x")).isFalse();
    assertThat(patterns.hasExceptions()).isTrue();
  }

  @Test
  void refusesWhatIsNoPattern() {
    assertThatThrownBy(() -> IgnorePatterns.read("[a"))
        .hasMessage("error from patternmatcher: syntax error in pattern: [a");
    assertThatThrownBy(() -> IgnorePatterns.read("!"))
        .hasMessage("illegal exclusion pattern: \"!\"");
  }
}
