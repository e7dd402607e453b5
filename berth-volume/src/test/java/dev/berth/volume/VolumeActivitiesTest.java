package dev.berth.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.core.ErrorKind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VolumeActivitiesTest {
  private final VolumeActivities activities = new VolumeActivities();

  private static void assertRefused(ThrowingCallable call, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT))
        .hasMessageContaining(text);
  }

  @Test
  void readersLiveTogetherAndKeepTheVolume() {
    try (VolumeActivities.Activity _ = activities.read("v1", "exported");
        VolumeActivities.Activity _ = activities.read("v1", "copied")) {
      assertThatCode(() -> activities.requireUnchanged("v1")).doesNotThrowAnyException();
      assertRefused(() -> activities.requireIdle("v1"), "volume v1 is being exported");
      assertRefused(() -> activities.change("v1", "restored"), "volume v1 is being exported");
    }
    assertThatCode(() -> activities.requireIdle("v1")).doesNotThrowAnyException();
  }

  @Test
  void whoChangesAVolumeIsAlone() {
    try (VolumeActivities.Activity _ = activities.change("v1", "restored")) {
      assertRefused(() -> activities.read("v1", "exported"), "volume v1 is being restored");
      assertRefused(() -> activities.change("v1", "renamed"), "volume v1 is being restored");
      assertRefused(() -> activities.requireUnchanged("v1"), "volume v1 is being restored");
      assertThatCode(() -> activities.requireIdle("v2")).doesNotThrowAnyException();
    }
    assertThatCode(() -> activities.change("v1", "renamed").close()).doesNotThrowAnyException();
  }
}
