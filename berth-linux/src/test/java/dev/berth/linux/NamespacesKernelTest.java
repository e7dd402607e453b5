package dev.berth.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class NamespacesKernelTest {
  @Test
  void aNamespaceIsKeptAtAPathAndGoes() {
    Isolated.run(() -> {
      Path path = Path.of("/mnt/ns");
      Fd created = Namespaces.createNetwork(path);
      assertThat(Namespaces.isNamespace(path)).isTrue();
      try (Fd again = Namespaces.open(path)) {
        assertThat(Namespaces.inode(again)).isEqualTo(Namespaces.inode(created));
      }
      Namespaces.remove(path);
      Namespaces.remove(path);
      assertThat(path).doesNotExist();
      assertThat(Namespaces.isNamespace(path)).isFalse();
      created.close();
    });
  }

  @Test
  void aTakenPathIsRefusedAndLeftAlone() {
    Isolated.run(() -> {
      Path path = Path.of("/mnt/ns");
      Files.writeString(path, "mine");
      LinuxException failure =
          catchThrowableOfType(LinuxException.class, () -> Namespaces.createNetwork(path));
      assertThat(failure.errno()).isEqualTo(Errno.EEXIST);
      assertThat(path).hasContent("mine");
    });
  }

  @Test
  void theCallersThreadStaysWhereItWas() throws Exception {
    String before = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    try (Fd network = Namespaces.createNetwork()) {
      String inside =
          Namespaces.inNetwork(
              network,
              () -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString());
      assertThat(inside).isEqualTo("net:[" + Namespaces.inode(network) + "]").isNotEqualTo(before);
    }
    assertThat(Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))).hasToString(before);
  }

  @Test
  void exceptionsReachTheCaller() {
    assertThatThrownBy(() ->
            Namespaces.call(() -> {
              throw new LinuxException(Errno.EPERM, "x", "");
            }))
        .isInstanceOf(LinuxException.class);
    assertThatThrownBy(() ->
            Namespaces.call(() -> {
              throw new IOException("gone");
            }))
        .hasRootCauseMessage("gone");
  }

  @Test
  void settingsOfOneNamespaceDoNotShowInAnother() {
    Isolated.run(() -> {
      Sysctl.write("net.ipv4.ip_forward", "1");
      assertThat(Sysctl.read("net.ipv4.ip_forward")).isEqualTo("1");
      try (Fd other = Namespaces.createNetwork()) {
        String value =
            Namespaces.inNetwork(
                other,
                () -> {
                  Sysctl.write("net/ipv4/ip_forward", "0");
                  return Sysctl.read("net/ipv4/ip_forward");
                });
        assertThat(value).isEqualTo("0");
      }
      assertThat(Sysctl.read("net.ipv4.ip_forward")).isEqualTo("1");
    });
  }
}
