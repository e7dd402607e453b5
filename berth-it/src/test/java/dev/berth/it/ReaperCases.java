package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** A program with Testcontainers that leaves behind what it made, for the reaper to take away. */
class ReaperCases {
  @Test
  @DisplayName("containers and networks are made once the reaper has been told of them")
  @SuppressWarnings("resource")
  void leave() {
    GenericContainer<?> left =
        new GenericContainer<>("berth/busybox")
            .withCommand("sleep", "1000")
            .withNetwork(Network.newNetwork());
    left.start();
    assertThat(left.isRunning()).isTrue();
  }
}
