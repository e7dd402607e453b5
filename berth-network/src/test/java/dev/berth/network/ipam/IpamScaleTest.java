package dev.berth.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.Patience;
import dev.berth.testing.SeededRandom;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How addresses and subnets are found does not depend on how many are taken. */
class IpamScaleTest {
  private static final int SAMPLES = 3001;

  /** Far above what it takes (about a microsecond), far below any search through the taken ones. */
  private static final Duration LIMIT = Patience.of(Duration.ofNanos(50_000));

  private static Duration median(Runnable operation) {
    long[] times = new long[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      long begin = System.nanoTime();
      operation.run();
      times[i] = System.nanoTime() - begin;
    }
    Arrays.sort(times);
    return Duration.ofNanos(times[SAMPLES / 2]);
  }

  @ParameterizedTest(name = "{0} with {1} addresses in use")
  @CsvSource({
    "10.0.0.0/16, 0",
    "10.0.0.0/16, 65530",
    "10.0.0.0/8, 400000",
    "fd00::/64, 400000",
    "fd00::/8, 1000"
  })
  void anAddressCostsTheSameHoweverFull(String subnet, int used) {
    Cidr block = Cidr.of(subnet);
    NetworkAddresses addresses =
        new NetworkAddresses(
            "n", "id", List.of(new NetworkAddresses.Subnet(block, null, List.of())));
    for (int i = 0; i < used; i++) {
      addresses.take(block.ipv6());
    }
    Duration median = median(() -> addresses.free(addresses.take(block.ipv6()).address()));
    assertThat(median).isLessThan(LIMIT);
  }

  @Test
  void aHoleInAFullSubnetIsFoundAtOnce() {
    Cidr block = Cidr.of("10.0.0.0/16");
    NetworkAddresses addresses =
        new NetworkAddresses(
            "n", "id", List.of(new NetworkAddresses.Subnet(block, null, List.of())));
    for (int i = 0; i < 65_534; i++) {
      addresses.take(false);
    }
    InetAddress hole = block.addressAt(60_001);
    Duration median =
        median(() -> {
          addresses.free(hole);
          assertThat(addresses.take(false).address()).isEqualTo(hole);
        });
    assertThat(median).isLessThan(LIMIT.multipliedBy(2));
  }

  @Test
  void aSubnetAmongThousandsIsFoundInOnePass() {
    SubnetChooser chooser = new SubnetChooser(List.of(SubnetChooser.Base.of("10.0.0.0/8", 24)));
    List<Cidr> occupied = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      occupied.add(new Cidr(Cidr.of("10.0.0.0/8").addressAt(i * 256L), 24));
    }
    long begin = System.nanoTime();
    Optional<Cidr> chosen = chooser.choose(false, occupied);
    assertThat(chosen).contains(Cidr.of("10.15.160.0/24"));
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isLessThan(Patience.of(Duration.ofSeconds(2)));
  }

  @Test
  void chosenSubnetsNeverOverlapAndAreTheLowest() {
    RandomGenerator random = SeededRandom.create();
    SubnetChooser chooser =
        new SubnetChooser(
            List.of(
                SubnetChooser.Base.of("10.0.0.0/20", 26),
                SubnetChooser.Base.of("10.9.0.0/22", 25)));
    for (int round = 0; round < 200; round++) {
      List<Cidr> occupied = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        String base = random.nextBoolean() ? "10.0.0.0/20" : "10.9.0.0/22";
        int size = random.nextInt(21, 31);
        occupied.add(new Cidr(Cidr.of(base).addressAt(random.nextInt(4096)), size));
      }
      Set<Cidr> given = new HashSet<>();
      Optional<Cidr> next = chooser.choose(false, occupied);
      while (next.isPresent()) {
        Cidr subnet = next.get();
        assertThat(occupied).noneMatch(subnet::overlaps);
        assertThat(given.add(subnet)).isTrue();
        occupied.add(subnet);
        next = chooser.choose(false, occupied);
      }
      assertThat(given).isEqualTo(free(occupied, given));
    }
  }

  /** Every slot of the bases that nothing but a chosen subnet is in. */
  private static Set<Cidr> free(List<Cidr> occupied, Set<Cidr> given) {
    List<Cidr> others = occupied.stream().filter(block -> !given.contains(block)).toList();
    Set<Cidr> free = new HashSet<>();
    for (int i = 0; i < 64; i++) {
      free.add(new Cidr(Cidr.of("10.0.0.0/20").addressAt(i * 64L), 26));
    }
    for (int i = 0; i < 8; i++) {
      free.add(new Cidr(Cidr.of("10.9.0.0/22").addressAt(i * 128L), 25));
    }
    free.removeIf(slot -> others.stream().anyMatch(slot::overlaps));
    return free;
  }
}
