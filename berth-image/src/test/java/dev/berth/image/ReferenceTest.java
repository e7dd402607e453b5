package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReferenceTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "alpine, docker.io/library/alpine, alpine",
    "alpine:3, docker.io/library/alpine:3, alpine:3",
    "user/app, docker.io/user/app, user/app",
    "docker.io/alpine, docker.io/library/alpine, alpine",
    "index.docker.io/library/alpine:1, docker.io/library/alpine:1, alpine:1",
    "docker.io/library/a/b, docker.io/library/a/b, library/a/b",
    "localhost/app, localhost/app, localhost/app",
    "localhost:5000/app:1, localhost:5000/app:1, localhost:5000/app:1",
    "127.0.0.1:5000/a/b/c:x_Y.1-2, 127.0.0.1:5000/a/b/c:x_Y.1-2, 127.0.0.1:5000/a/b/c:x_Y.1-2",
    "[::1]:5000/app, [::1]:5000/app, [::1]:5000/app",
    "UPPER/app, UPPER/app, UPPER/app",
    "a__b/c-d--e/f.g_h, docker.io/a__b/c-d--e/f.g_h, a__b/c-d--e/f.g_h",
  })
  void normalisesNames(String text, String normal, String familiar) {
    Reference reference = Reference.parse(text);
    assertThat(reference).hasToString(normal);
    assertThat(reference.familiar()).isEqualTo(familiar);
    assertThat(Reference.parse(normal)).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "@",
        "a:",
        "a@",
        "-a",
        "a-",
        "a..b",
        "a___b",
        "a//b",
        "/a",
        "a/",
        "a b",
        "a:b:c",
        "a:-b",
        "a@sha256:12",
        "a?b",
        "a\u0000b",
        "http://a/b",
        "host:port/a",
        "a:b\n"
      })
  void refusesWhatIsNoReference(String text) {
    assertThatThrownBy(() -> Reference.parse(text)).hasMessage("invalid reference format");
  }

  @Test
  void refusesInDockersWords() {
    assertThatThrownBy(() -> Reference.parse("Alpine"))
        .hasMessage("invalid reference format: repository name (library/Alpine) must be lowercase");
    assertThatThrownBy(() -> Reference.parse("x/Y:1"))
        .hasMessage("invalid reference format: repository name (x/Y) must be lowercase");
    assertThatThrownBy(() -> Reference.parse("a".repeat(64)))
        .hasMessage(
            "invalid repository name ("
                + "a".repeat(64)
                + "), cannot specify 64-byte hexadecimal strings");
    assertThatThrownBy(() -> Reference.parse("a".repeat(300)))
        .hasMessageStartingWith("invalid reference format");
    assertThatThrownBy(() -> Reference.parse("alpine").withTag("no:tag"))
        .hasMessage("invalid tag format");
    assertThatThrownBy(() -> Reference.parse("a/".repeat(100_000)))
        .hasMessage("invalid reference format");
  }

  @Test
  void takesTagAndDigestApart() {
    Reference reference = Reference.parse("alpine:3@" + DIGEST);
    assertThat(reference.tag()).isEqualTo("3");
    assertThat(reference.digest()).isEqualTo(Digest.parse(DIGEST));
    assertThat(reference.familiar()).isEqualTo("alpine:3@" + DIGEST);
    assertThat(Reference.parseTagged("alpine").tag()).isEqualTo("latest");
    assertThat(Reference.parseTagged("alpine@" + DIGEST).tag()).isNull();
  }
}
