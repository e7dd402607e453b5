package dev.berth.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "foo",
        "10.0.0.0",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0/8",
        "010.0.0.0/8",
        "10.0.0.256/8",
        "fd00::/129",
        "[fd00::]/8",
        "fd00::%eth0/8",
        "localhost/8"
      })
  void refusesWhatIsNoBlock(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
  }

  @Test
  void keepsWhatWasWritten() {
    Cidr.Written written = Cidr.parse("10.1.2.3/16").orElseThrow();
    assertThat(written.masked()).isFalse();
    assertThat(written).hasToString("10.1.2.3/16");
    assertThat(written.block()).hasToString("10.1.0.0/16").isEqualTo(Cidr.of("10.1.0.0/16"));
    assertThat(Cidr.of("FD00:0:0::1/64")).hasToString("fd00::/64");
  }

  @Test
  void knowsWhatOverlaps() {
    assertThat(Cidr.of("10.0.0.0/8").overlaps(Cidr.of("10.9.0.0/16"))).isTrue();
    assertThat(Cidr.of("10.9.0.0/16").overlaps(Cidr.of("10.0.0.0/8"))).isTrue();
    assertThat(Cidr.of("10.0.0.0/9").overlaps(Cidr.of("10.128.0.0/9"))).isFalse();
    assertThat(Cidr.of("0.0.0.0/0").overlaps(Cidr.of("::/0"))).isFalse();
  }

  @Test
  void stepsToTheNextBlock() {
    assertThat(Cidr.of("10.0.0.0/24").next(16)).contains(Cidr.of("10.1.0.0/16"));
    assertThat(Cidr.of("10.0.0.0/16").next(24)).contains(Cidr.of("10.1.0.0/24"));
    assertThat(Cidr.of("255.255.0.0/16").next(16)).isEmpty();
    assertThat(Cidr.of("fd00:0:0:ffff::/64").next(64)).contains(Cidr.of("fd00:0:1::/64"));
  }

  @Test
  void dockersPoolsAreUsedUpInOrder() {
    SubnetChooser chooser = new SubnetChooser(SubnetChooser.DOCKER_IPV4);
    List<Cidr> occupied = new ArrayList<>();
    while (chooser.choose(false, occupied).isPresent()) {
      occupied.add(chooser.choose(false, occupied).orElseThrow());
    }
    assertThat(occupied).hasSize(15 + 16).doesNotHaveDuplicates();
    assertThat(occupied.getFirst()).hasToString("172.17.0.0/16");
    assertThat(occupied.get(14)).hasToString("172.31.0.0/16");
    assertThat(occupied.get(15)).hasToString("192.168.0.0/20");
    assertThat(occupied.getLast()).hasToString("192.168.240.0/20");
    occupied.remove(3);
    assertThat(chooser.choose(false, occupied)).contains(Cidr.of("172.20.0.0/16"));
  }

  @Test
  void aHostRouteIsSteppedOver() {
    SubnetChooser chooser = new SubnetChooser(List.of(SubnetChooser.Base.of("10.0.0.0/8", 24)));
    List<Cidr> host = List.of(Cidr.of("10.0.0.0/16"), Cidr.of("10.1.0.128/25"));
    assertThat(chooser.choose(false, host)).contains(Cidr.of("10.1.1.0/24"));
    assertThat(chooser.choose(true, host)).isEmpty();
  }
}
