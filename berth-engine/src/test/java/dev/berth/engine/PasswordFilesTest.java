package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.engine.PasswordFiles.Identity;
import java.util.List;
import org.junit.jupiter.api.Test;

class PasswordFilesTest {
  private final PasswordFiles files =
      new PasswordFiles(
          "root:x:0:0:root:/root:/bin/sh\nweb:x:33:34:web:/srv/web:/bin/sh\nbroken line\n",
          "root:x:0:\nwheel:x:10:root,web\nweb:x:34:\nlog:x:50:web\n");

  @Test
  void nobodyIsRoot() {
    assertThat(files.resolve("", List.of()))
        .isEqualTo(new Identity(0, 0, List.of(10L, 0L), "/root"));
  }

  @Test
  void aNameBringsItsGroups() {
    assertThat(files.resolve("web", List.of()))
        .isEqualTo(new Identity(33, 34, List.of(10L, 50L, 34L), "/srv/web"));
    assertThat(files.resolve("33", List.of("wheel", "77")))
        .isEqualTo(new Identity(33, 34, List.of(10L, 50L, 34L, 77L), "/srv/web"));
  }

  @Test
  void aGivenGroupReplacesThem() {
    assertThat(files.resolve("web:log", List.of()))
        .isEqualTo(new Identity(33, 50, List.of(50L), "/srv/web"));
  }

  @Test
  void aNumberNeedsNoEntry() {
    assertThat(files.resolve("1234:5678", List.of()))
        .isEqualTo(new Identity(1234, 5678, List.of(5678L), "/"));
  }

  @Test
  void unknownNamesAreRefused() {
    assertThatThrownBy(() -> files.resolve("nobody", List.of()))
        .hasMessage("unable to find user nobody: no matching entries in passwd file");
    assertThatThrownBy(() -> files.resolve("web:nogroup", List.of()))
        .hasMessage("unable to find group nogroup: no matching entries in group file");
    assertThatThrownBy(() -> files.resolve("", List.of("nogroup")))
        .hasMessage("Unable to find group nogroup");
  }
}
