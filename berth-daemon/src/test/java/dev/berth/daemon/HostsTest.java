package dev.berth.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.Listener;
import dev.berth.server.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsTest {
  private static final Map<String, String> HOME = Map.of("HOME", "/home/me");

  private static Hosts hosts(String... arguments) {
    return hosts(HOME, arguments);
  }

  private static Hosts hosts(Map<String, String> environment, String... arguments) {
    return Hosts.of(Settings.read(List.of(arguments), Path.of("/nonexistent")), environment);
  }

  @ParameterizedTest
  @CsvSource({
    "tcp://127.0.0.1:5000, tcp://127.0.0.1:5000",
    "tcp://, tcp://localhost:2375",
    "tcp://[::1]:99, tcp://[0:0:0:0:0:0:0:1]:99",
    "tcp://[::1], tcp://[0:0:0:0:0:0:0:1]:2375",
    "127.0.0.1:77, tcp://127.0.0.1:77",
    ":77, tcp://localhost:77",
    "unix:///x/y, unix:///x/y",
    "unix://, unix:///run/berth.sock",
    "'', unix:///run/berth.sock",
  })
  void readsEachWayToNameAHost(String host, String listener) {
    assertThat(hosts("-H", host).listeners()).extracting(Object::toString).containsExactly(listener);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "udp://x, unsupported proto 'udp'",
        "tcp://127.0.0.1:0, invalid port: 0",
        "tcp://127.0.0.1:70000, invalid port: 70000",
        "tcp://127.0.0.1:http, invalid port: http",
        "tcp://127.0.0.1:99/path, should not contain a path element",
        "unix://tcp://x, invalid unix address: tcp://x",
      })
  void refusesWhatIsNoHost(String host, String reason) {
    assertThatThrownBy(() -> hosts("-H", host))
        .hasMessage(
            "invalid argument \""
                + host
                + "\" for \"-H, --host\" flag: invalid bind address ("
                + host
                + "): "
                + reason);
  }

  @Test
  void aGroupThatWasNamedMustExistAndTheUsualOneNeedNot() {
    assertThat(hosts().listeners())
        .containsExactly(
            new Listener.Unix(
                Path.of("/run/berth.sock"), new Listener.SocketGroup("docker", false)));
    assertThat(hosts("--group", "staff").listeners())
        .containsExactly(
            new Listener.Unix(Path.of("/run/berth.sock"), new Listener.SocketGroup("staff", true)));
    assertThat(hosts("--group", "").listeners())
        .containsExactly(
            new Listener.Unix(Path.of("/run/berth.sock"), new Listener.SocketGroup("", true)));
  }

  @Test
  void findsTheFilesOfTlsWhereDockerdDoes() {
    TlsSettings expected =
        new TlsSettings(
            Path.of("/home/me/.docker/cert.pem"),
            Path.of("/home/me/.docker/key.pem"),
            Path.of("/home/me/.docker/ca.pem"),
            true);
    assertThat(hosts("--tlsverify").tls()).isEqualTo(expected);
    assertThat(hosts("--tls").tls()).isEqualTo(expected);
    assertThat(hosts("--tls", "--tlsverify=false", "--tlskey", "/k").tls())
        .isEqualTo(
            new TlsSettings(
                Path.of("/home/me/.docker/cert.pem"),
                Path.of("/k"),
                Path.of("/home/me/.docker/ca.pem"),
                false));
    assertThat(hosts(Map.of("DOCKER_CERT_PATH", "/certs"), "--tls").tls())
        .isEqualTo(
            new TlsSettings(
                Path.of("/certs/cert.pem"), Path.of("/certs/key.pem"), Path.of("/certs/ca.pem"),
                true));
    assertThat(hosts(Map.of("DOCKER_TLS_VERIFY", "1", "DOCKER_CONFIG", "/c")).tls()).isNotNull();
    assertThat(hosts("--tls=false").tls()).isNull();
    assertThat(hosts("--tlsverify").listeners())
        .extracting(Object::toString)
        .containsExactly("tcp://localhost:2376");
  }

  @Test
  void warnsOfAddressesThatAreOpenToAll() {
    assertThat(hosts().warnings()).isEmpty();
    assertThat(hosts("-H", "tcp://127.0.0.1:1", "--tlsverify").warnings()).isEmpty();
    assertThat(hosts("-H", "tcp://127.0.0.1:1").warnings())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("Binding to IP address without --tlsverify is insecure and gives root access");
    assertThat(hosts("-H", "tcp://10.0.0.1:1").warnings()).hasSize(3);
    assertThat(hosts("-H", "tcp://10.0.0.1:1", "--tls=false").warnings()).hasSize(2);
    assertThat(hosts("-H", "tcp://10.0.0.1:1").accessWarnings().getFirst())
        .startsWith(
            "[DEPRECATION NOTICE]: API is accessible on http://10.0.0.1:1 without encryption.\n");
    assertThat(hosts("-H", "tcp://10.0.0.1:1", "--tlsverify=false").accessWarnings().getFirst())
        .startsWith(
            "[DEPRECATION NOTICE]: API is accessible on https://10.0.0.1:1 without TLS client"
                + " verification.\n");
  }

  @Test
  void takesSocketsOnlyThatAreMeantForThisProcess() {
    Map<String, String> two = Map.of("LISTEN_PID", "7", "LISTEN_FDS", "2");
    assertThat(ActivatedSockets.of(two, 7).descriptors()).containsExactly(3, 4);
    assertThat(ActivatedSockets.of(two, 8).descriptors()).isEmpty();
    assertThat(ActivatedSockets.of(Map.of(), 7).descriptors()).isEmpty();
    assertThat(ActivatedSockets.of(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "x"), 7).descriptors())
        .isEmpty();
  }

  @Test
  void saysWhySocketsCannotBeTaken() {
    assertThatThrownBy(() -> hosts("-H", "fd://").open(ActivatedSockets.of(Map.of(), 7)))
        .hasMessage(
            "failed to load listeners: no sockets found via socket activation: make sure the service"
                + " was started by systemd");
    ActivatedSockets one = new ActivatedSockets(List.of(3));
    assertThatThrownBy(() -> hosts("-H", "fd://x").open(one))
        .hasMessageEndingWith("failed to parse systemd fd address: should be a number: x");
    assertThatThrownBy(() -> hosts("-H", "fd://4").open(one))
        .hasMessageEndingWith("too few socket activated files passed in by systemd");
    assertThatThrownBy(() -> hosts("-H", "fd://*").open(new ActivatedSockets(List.of(999_999))))
        .hasMessageContaining("failed to listen on systemd activated file: fd 999999");
  }
}
