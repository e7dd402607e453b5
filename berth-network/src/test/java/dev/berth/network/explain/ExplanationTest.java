package dev.berth.network.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.network.explain.ProbeResult.Outcome;
import dev.berth.network.firewall.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of what is foretold and what was tried, the attempt is believed. */
class ExplanationTest {
  private static Explanation explain(Scenario scene, Outcome outcome) {
    Situation situation = scene.situation();
    return Explanation.of(
        situation, Prediction.of(situation), new ProbeResult(outcome, "172.18.0.2:80", 1));
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_MADE, true, REACHABLE, true",
    "CONNECTED, true, REACHABLE, true",
    "REFUSED, false, UNEXPLAINED, false",
    "SILENT, false, UNEXPLAINED, false",
  })
  void whatShouldBeReached(Outcome outcome, boolean reachable, Verdict verdict, boolean agreed) {
    Explanation explanation = explain(new Scenario(), outcome);
    assertThat(explanation.reachable()).isEqualTo(reachable);
    assertThat(explanation.verdict()).isEqualTo(verdict);
    assertThat(explanation.agreed()).isEqualTo(agreed);
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_MADE, false, NOTHING_LISTENS, true",
    "REFUSED, false, NOTHING_LISTENS, true",
    "CONNECTED, true, REACHABLE, false",
  })
  void whatShouldNotBeReached(Outcome outcome, boolean reachable, Verdict verdict, boolean agreed) {
    Scenario scene = new Scenario();
    scene.listeners = List.of();
    Explanation explanation = explain(scene, outcome);
    assertThat(explanation.reachable()).isEqualTo(reachable);
    assertThat(explanation.verdict()).isEqualTo(verdict);
    assertThat(explanation.agreed()).isEqualTo(agreed);
  }

  @Test
  void withoutAPortARefusalShowsThatPacketsComeThrough() {
    Scenario scene = new Scenario();
    scene.port = 0;
    scene.listeners = List.of();
    assertThat(explain(scene, Outcome.REFUSED).reachable()).isTrue();
    assertThat(explain(scene, Outcome.SILENT).verdict()).isEqualTo(Verdict.UNEXPLAINED);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTED, REACHABLE",
    "REFUSED, NOTHING_LISTENS",
    "SILENT, NO_ANSWER",
    "UNREACHABLE, NO_ANSWER"
  })
  void ofOtherMachinesOnlyTheAttemptKnows(Outcome outcome, Verdict verdict) {
    Scenario scene = new Scenario();
    scene.to = Party.of(Party.Kind.ADDRESS, "8.8.8.8", NamespaceView.EMPTY);
    scene.literal = Scenario.ip("8.8.8.8");
    Explanation explanation = explain(scene, outcome);
    assertThat(explanation.verdict()).isEqualTo(verdict);
    assertThat(explanation.agreed()).isTrue();
  }

  @Test
  void listeningSocketsAreReadFromTheKernelsTable() {
    String table =
        """
          sl  local_address rem_address   st tx_queue rx_queue
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000
           1: 00000000:0050 00000000:0000 0A 00000000:00000000
           2: 020012AC:0050 030012AC:9C40 01 00000000:00000000
        """;
    String table6 =
        """
          sl  local_address                         remote_address                        st
           0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A
        """;
    assertThat(SocketTable.read(Protocol.TCP, table))
        .containsExactly(Scenario.listener("127.0.0.1", 8080), Scenario.listener("0.0.0.0", 80));
    assertThat(SocketTable.read(Protocol.TCP, table6))
        .containsExactly(Scenario.listener("::1", 80));
    assertThat(SocketTable.read(Protocol.UDP, table)).isEmpty();
  }

  @Test
  void answersOfNameServersAreReadAndBrokenOnesSayNothing() {
    byte[] question = DnsMessage.question("web.app", false);
    assertThat(question).hasSize(12 + 9 + 4);
    byte[] answer = java.util.Arrays.copyOf(question, question.length + 16);
    answer[7] = 1;
    byte[] record = {(byte) 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, (byte) 172, 18, 0, 2};
    System.arraycopy(record, 0, answer, question.length, record.length);
    assertThat(DnsMessage.answer(answer, answer.length, "s").addresses())
        .containsExactly(Scenario.ip("172.18.0.2"));
    for (int length = 0; length < answer.length; length++) {
      assertThat(DnsMessage.answer(answer, length, "s").outcome())
          .isNotEqualTo(Names.Outcome.FOUND);
    }
    answer[3] = 3;
    answer[7] = 0;
    assertThat(DnsMessage.answer(answer, question.length, "s").outcome())
        .isEqualTo(Names.Outcome.NO_SUCH_NAME);
  }

  @Test
  void reachTellsOfNamesPortsAndWhatIsOdd() {
    Scenario scene = new Scenario();
    scene.listeners = List.of(Scenario.listener("0.0.0.0", 80), Scenario.listener("127.0.0.1", 9));
    scene.published.add(new Party.Published(443, Protocol.TCP, Scenario.ip("0.0.0.0"), 8443));
    Reach reach = Reach.of(scene.web(), scene.networks, List.of(scene.client(), scene.web()));
    assertThat(reach.places())
        .containsExactly(
            new Reach.Place("app", List.of("172.18.0.2"), List.of("web"), List.of("client")));
    assertThat(reach.ports().stream().map(port -> port.number() + " " + port.remark()))
        .containsExactly(
            "9 only the container itself can reach it",
            "80 ",
            "443 published, but nothing listens");
  }
}
