package dev.berth.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.testing.FreshHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The contract on overlayfs. */
@FreshHost
final class OverlayRootsTest extends RootFilesystemsContract {
  @Override
  String driver() {
    return "overlay2";
  }

  @Test
  void unmountsWhatItMounted() {
    Path merged = mounted();
    fixture().rootFilesystems.unmount("c".repeat(64));
    assertThat(merged).isEmptyDirectory();
  }

  @Test
  void refusesASizeWithoutProjectQuota() {
    assertThatThrownBy(() -> fixture().rootFilesystems.prepare("x", image().id(), 1 << 20))
        .isInstanceOf(EngineException.class)
        .hasMessage(
            "--storage-opt is supported only for overlay over xfs with 'pquota' mount option");
  }
}
