package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests of a class share one engine; what one of them made is taken away before the next. */
abstract class SceneTest {
  static Scene scene;

  @BeforeAll
  static void startEngine() {
    scene = Scene.open();
  }

  @AfterAll
  static void stopEngine() {
    scene.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
  }

  /** An answer is a refusal with this status and exactly these words. */
  static void refuses(ApiClient.Answer answer, int status, String message) {
    assertThat(answer.message()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(status);
  }
}
