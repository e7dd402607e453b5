package dev.berth.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.testing.Patience;
import dev.berth.testing.PluginServer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginTest {
  private static final String OFFER = "{\"Implements\":[\"NetworkDriver\",\"IpamDriver\"]}";

  @TempDir private Path folder;
  private PluginServer server;
  private Plugins plugins;

  @BeforeEach
  void start() throws IOException {
    server = PluginServer.start(folder.resolve("one.sock"), PluginTest::answer);
    plugins = plugins(Duration.ofSeconds(20), Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private static String answer(String method, String request) {
    return switch (method) {
      case "Plugin.Activate" -> OFFER;
      case "IpamDriver.Refuse" -> "{\"Err\":\"not today\"}";
      default -> request;
    };
  }

  private Plugins plugins(Duration answer, Duration greeting) {
    return new Plugins(
        new PluginDirectory(List.of(folder), List.of(folder)),
        new PluginPatience(answer, answer, greeting));
  }

  private Plugin one() {
    return plugins.find("NetworkDriver", "one").orElseThrow();
  }

  @Test
  void isGreetedOnceForAllItsInterfaces() {
    assertThat(plugins.names("IpamDriver")).isEmpty();
    one().require("NetworkDriver");
    plugins.find("IpamDriver", "one").orElseThrow().require("IpamDriver");
    assertThat(server.methods()).containsExactly("Plugin.Activate");
    assertThat(plugins.names("IpamDriver")).containsExactly("one");
    assertThatThrownBy(() -> one().require("VolumeDriver"))
        .hasMessage("plugin \"one\" does not implement VolumeDriver");
  }

  @Test
  void passesRequestsAndAnswersOn() {
    Plugin plugin = one();
    assertThat(plugin.ask("IpamDriver.Echo", plugin.request().put("A", "b")).path("A").asText())
        .isEqualTo("b");
    assertThatThrownBy(() -> plugin.change("IpamDriver.Refuse", plugin.request()))
        .isInstanceOf(EngineException.class)
        .hasMessage("IpamDriver.Refuse: not today")
        .hasNoCause();
  }

  @Test
  void aMethodThatItNeedNotKnow() {
    server.answerRaw(
        "NetworkDriver.Odd", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
    server.answerRaw("IpamDriver.Other", "HTTP/1.1 200 OK\r\n\r\n{\"Error\":\"full\"}");
    Plugin plugin = one();
    assertThat(plugin.askIfKnown("NetworkDriver.Odd", plugin.request())).isEmpty();
    assertThat(plugin.askIfKnown("NetworkDriver.Even", plugin.request())).isPresent();
    assertThatThrownBy(() -> plugin.ask("NetworkDriver.Odd", plugin.request()))
        .hasMessage("NetworkDriver.Odd: none");
    assertThatThrownBy(() -> plugin.ask("IpamDriver.Other", plugin.request()))
        .hasMessage("IpamDriver.Other: full");
  }

  @Test
  void givesUpOnOneThatHangs() {
    plugins = plugins(Patience.of(Duration.ofMillis(200)), Duration.ofMillis(1));
    server.hang("Plugin.Activate");
    assertThatThrownBy(() -> one().require("NetworkDriver"))
        .hasMessageContaining("no answer within");
    server.unhang("Plugin.Activate");
    one().require("NetworkDriver");
  }

  @Test
  void waitsOnceForOneThatIsStarting() throws Exception {
    server.close();
    Path socket = folder.resolve("one.sock");
    ServerSocketChannel bound = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    bound.bind(UnixDomainSocketAddress.of(socket));
    bound.close();
    assertThat(Files.exists(socket)).isTrue();
    Plugin plugin = one();
    Thread greeter = Thread.startVirtualThread(() -> plugin.require("NetworkDriver"));
    Thread.sleep(100);
    Files.delete(socket);
    server = PluginServer.start(socket, PluginTest::answer);
    greeter.join(Duration.ofSeconds(20));
    assertThat(plugin.offers("NetworkDriver")).isTrue();
  }

  @Test
  void findsNothingWhereNothingIs() {
    assertThat(plugins.find("NetworkDriver", "two")).isEmpty();
    assertThat(plugins.find("NetworkDriver", "../one")).isEmpty();
    assertThat(PluginSource.NONE.names("NetworkDriver")).isEmpty();
  }

  @Test
  void readsDescriptions() throws IOException {
    String address = "unix://" + folder.resolve("one.sock");
    Files.writeString(folder.resolve("two.spec"), address + "\n");
    Files.createDirectory(folder.resolve("three"));
    Files.writeString(folder.resolve("three/three.json"), "{\"Addr\":\"" + address + "\"}");
    Files.writeString(folder.resolve("four.spec"), "nonsense");
    plugins.find("NetworkDriver", "two").orElseThrow().require("NetworkDriver");
    plugins.find("NetworkDriver", "three").orElseThrow().require("NetworkDriver");
    assertThatThrownBy(() -> plugins.find("NetworkDriver", "four"))
        .hasMessage("invalid plugin address: nonsense");
    assertThat(plugins.candidates("NetworkDriver"))
        .extracting(Plugin::name)
        .containsExactly("one", "three", "two");
    assertThat(plugins.names("NetworkDriver")).containsExactly("three", "two");
  }

  @Test
  void sourcesAreAskedInTheirOrder() {
    PluginSource source =
        PluginSource.firstOf(
            List.of(PluginSource.NONE, new PluginDirectory(List.of(folder), List.of())));
    assertThat(source.find("NetworkDriver", "one"))
        .contains(new PluginAddress.Local(folder.resolve("one.sock")));
    assertThat(source.names("NetworkDriver")).containsExactly("one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage",
        "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops",
        "HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\n\r\nnot json",
        ""
      })
  void oddAnswersAreErrors(String answer) {
    server.answerRaw("IpamDriver.Odd", answer);
    Plugin plugin = one();
    assertThatThrownBy(() -> plugin.ask("IpamDriver.Odd", plugin.request()))
        .isInstanceOf(EngineException.class)
        .hasMessageStartingWith("IpamDriver.Odd: ");
  }
}
