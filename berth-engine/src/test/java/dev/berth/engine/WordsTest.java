package dev.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.testing.SeededRandom;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Small grammars: signals, names, detach keys, ports, sizes, security options, links. */
class WordsTest {
  @Test
  void signalsAreReadByNumberAndByName() {
    assertThat(Signals.parse("9")).isEqualTo(9);
    assertThat(Signals.parse("SIGKILL")).isEqualTo(9);
    assertThat(Signals.parse("term")).isEqualTo(15);
    assertThat(Signals.parse("SIGWINCH")).isEqualTo(28);
    assertThat(Signals.parse("SYS")).isEqualTo(31);
    assertThat(Signals.parse("RTMIN+3")).isEqualTo(37);
    assertThat(Signals.parse("SIGRTMAX-14")).isEqualTo(50);
    for (String wrong : List.of("", "0", "65", "FOO", "RTMIN+99", "RTMAX+1", "-9")) {
      assertThatThrownBy(() -> Signals.parse(wrong))
          .as(wrong)
          .isInstanceOf(EngineException.class)
          .hasMessage("invalid signal: " + wrong);
    }
  }

  @Test
  void namesAreCheckedInDockersWords() {
    assertThat(ContainerNames.require("/web-1")).isEqualTo("web-1");
    assertThatThrownBy(() -> ContainerNames.require("a"))
        .hasMessage("Invalid container name (a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    assertThatThrownBy(() -> ContainerNames.require("a b")).isInstanceOf(EngineException.class);
  }

  @Test
  void aNameIsFoundAlsoWhenMostAreTaken() {
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      String name = ContainerNames.generate(SeededRandom.create(i), taken::contains);
      assertThat(taken.add(name)).isTrue();
      assertThat(ContainerNames.require(name)).isEqualTo(name);
    }
  }

  @Test
  void detachKeysAreFoundAcrossReads() {
    DetachKeys keys = DetachKeys.parse(null);
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    assertThat(keys.filter(new byte[] {'a', 16}, 2, passed)).isFalse();
    assertThat(passed.toString(StandardCharsets.UTF_8)).isEqualTo("a");
    assertThat(keys.filter(new byte[] {'b', 16, 17, 'c'}, 4, passed)).isTrue();
    assertThat(passed.toByteArray()).containsExactly('a', 16, 'b');
  }

  @Test
  void otherDetachKeysMayBeChosen() {
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    assertThat(DetachKeys.parse("ctrl-a,x").filter(new byte[] {1, 'x'}, 2, passed)).isTrue();
    assertThat(DetachKeys.parse("q").filter(new byte[] {'q'}, 1, passed)).isTrue();
    assertThat(DetachKeys.parse("ctrl-\\").filter(new byte[] {28}, 1, passed)).isTrue();
    assertThatThrownBy(() -> DetachKeys.parse("ctrl-p,foo"))
        .hasMessage("Invalid detach keys (ctrl-p,foo) provided: Unknown character: 'foo'");
  }

  @Test
  void portsAreReadAsDockerWritesThem() {
    assertThat(PortRules.containerPort("80")).isEqualTo(new PortRules.ContainerPort(80, "tcp"));
    assertThat(PortRules.containerPort("53/UDP")).isEqualTo(new PortRules.ContainerPort(53, "udp"));
    assertThat(PortRules.hostPorts("")).isEqualTo(new PortRules.HostPorts(0, 0));
    assertThat(PortRules.hostPorts("8000-8010")).isEqualTo(new PortRules.HostPorts(8000, 8010));
    assertThatThrownBy(() -> PortRules.hostPorts("notaport"))
        .hasMessage("invalid port specification: \"notaport\"");
    assertThatThrownBy(() -> PortRules.hostPorts("9-8")).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> PortRules.hostPorts("70000")).isInstanceOf(EngineException.class);
    assertThatThrownBy(() -> PortRules.containerPort("80/icmp")).hasMessage("invalid proto: icmp");
  }

  @Test
  void logSizesAreReadWithTheirUnit() {
    assertThat(LogRules.size("10m")).isEqualTo(10L << 20);
    assertThat(LogRules.size("1g")).isEqualTo(1L << 30);
    assertThat(LogRules.size("500")).isEqualTo(500);
    assertThat(LogRules.size("-1")).isEqualTo(-1);
    assertThatThrownBy(() -> LogRules.size("ten")).isInstanceOf(EngineException.class);
  }

  @Test
  void securityOptionsAreReadInBothForms() {
    SecurityChoices choices =
        SecurityChoices.parse(List.of("no-new-privileges", "seccomp=unconfined"));
    assertThat(choices.noNewPrivileges()).isTrue();
    assertThat(choices.seccomp()).isEqualTo("unconfined");
    assertThat(SecurityChoices.parse(List.of("no-new-privileges:false")).noNewPrivileges())
        .isFalse();
    assertThat(SecurityChoices.parse(List.of()).noNewPrivileges()).isNull();
    assertThatThrownBy(() -> SecurityChoices.parse(List.of("foo=bar")))
        .hasMessage("invalid --security-opt 2: \"foo=bar\"");
  }

  @Test
  void linksBecomeVariables() {
    assertThat(
            LinkVariables.of(
                "ldst",
                "redis",
                "172.17.0.2",
                Set.of("6379/tcp", "53/udp"),
                List.of("FOO=bar", "PATH=/bin")))
        .containsExactly(
            "REDIS_NAME=/ldst/redis",
            "REDIS_PORT=tcp://172.17.0.2:6379",
            "REDIS_PORT_6379_TCP=tcp://172.17.0.2:6379",
            "REDIS_PORT_6379_TCP_ADDR=172.17.0.2",
            "REDIS_PORT_6379_TCP_PORT=6379",
            "REDIS_PORT_6379_TCP_PROTO=tcp",
            "REDIS_PORT_53_UDP=udp://172.17.0.2:53",
            "REDIS_PORT_53_UDP_ADDR=172.17.0.2",
            "REDIS_PORT_53_UDP_PORT=53",
            "REDIS_PORT_53_UDP_PROTO=udp",
            "REDIS_ENV_FOO=bar");
  }

  @Test
  void portsThatFollowEachOtherAreLinkedAsRangesToo() {
    Set<String> exposed = Set.of("80/tcp", "81/tcp", "82/tcp", "82/udp", "83/udp", "90/tcp");
    assertThat(LinkVariables.of("me", "my-web", "172.17.0.2", exposed, List.of()))
        .contains(
            "MY_WEB_PORT=tcp://172.17.0.2:80",
            "MY_WEB_PORT_81_TCP=tcp://172.17.0.2:81",
            "MY_WEB_PORT_80_TCP_START=tcp://172.17.0.2:80",
            "MY_WEB_PORT_80_TCP_PORT_START=80",
            "MY_WEB_PORT_80_TCP_END=tcp://172.17.0.2:82",
            "MY_WEB_PORT_80_TCP_PORT_END=82",
            "MY_WEB_PORT_82_UDP_START=udp://172.17.0.2:82",
            "MY_WEB_PORT_82_UDP_END=udp://172.17.0.2:83")
        .noneMatch(variable -> variable.startsWith("MY_WEB_PORT_90_TCP_START"))
        .noneMatch(variable -> variable.startsWith("MY_WEB_PORT_81_TCP_START"));
  }

  @Test
  void interfaceCountersSkipTheLoopback() {
    String text =
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs
            lo:     100       2    0    0    0     0          0         0      100       2    0    0    0     0       0          0
          eth0:    1042      12    1    2    0     0          0         0      742       9    3    4    0     0       0          0
        """;
    assertThat(InterfaceCounters.parse(text))
        .containsOnlyKeys("eth0")
        .containsValue(new ContainerStats.Network(1042, 12, 1, 2, 742, 9, 3, 4));
  }
}
