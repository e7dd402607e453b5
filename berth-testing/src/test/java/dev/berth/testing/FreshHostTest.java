package dev.berth.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.linux.BridgeOptions;
import dev.berth.linux.LinkKind;
import dev.berth.linux.LinkSpec;
import dev.berth.linux.Links;
import dev.berth.linux.Mounts;
import dev.berth.linux.RouteSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@FreshHost
class FreshHostTest {
  private String namespace = "";

  private static String current() throws Exception {
    return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
  }

  @BeforeEach
  void remember() throws Exception {
    namespace = current();
  }

  @AfterEach
  void stillTheSame() throws Exception {
    assertThat(current()).isEqualTo(namespace);
  }

  @RepeatedTest(2)
  void eachTestBeginsWithNothingButTheLoopback() throws Exception {
    assertThat(current())
        .isEqualTo(namespace)
        .isNotEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString());
    assertThat(HostCommand.run("ip", "-j", "link")).contains("\"lo\"").contains("\"UP\"");
    try (RouteSocket socket = RouteSocket.open()) {
      assertThat(socket.link("br0")).isEmpty();
      socket.apply(Links.create(LinkSpec.of("br0", new LinkKind.Bridge(BridgeOptions.DEFAULT))));
    }
    assertThat(HostCommand.run("ip", "-j", "link")).contains("\"br0\"");
    assertThat(HostCommand.attempt("ip", "link", "show", "none").status().isSuccess()).isFalse();
  }

  @Test
  void mountsDoNotLeave() throws Exception {
    Mounts.mount("tmpfs", "/mnt", "tmpfs", 0, "");
    assertThat(Files.readString(Path.of("/proc/thread-self/mountinfo"))).contains(" /mnt ");
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(" /mnt ");
  }
}
