package dev.berth.volume.driver.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.MountFlags;
import org.junit.jupiter.api.Test;

class MountWordsTest {
  @Test
  void flagsPropagationAndDataAreApart() {
    MountWords words = MountWords.of("bind,ro,noexec,exec,rslave,size=5m,uid=1000");
    assertThat(words.flags()).isEqualTo(MountFlags.MS_BIND | MountFlags.MS_RDONLY);
    assertThat(words.propagation()).isEqualTo(MountFlags.MS_SLAVE | MountFlags.MS_REC);
    assertThat(words.data()).isEqualTo("size=5m,uid=1000");
    assertThat(words.isBind()).isTrue();
    assertThat(words.isReadOnly()).isTrue();
  }

  @Test
  void nothingIsNothing() {
    assertThat(MountWords.of("")).isEqualTo(new MountWords(0, 0, ""));
    assertThat(MountWords.of("defaults")).isEqualTo(new MountWords(0, 0, ""));
  }
}
