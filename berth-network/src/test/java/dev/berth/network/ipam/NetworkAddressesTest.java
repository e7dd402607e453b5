package dev.berth.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import dev.berth.testing.SeededRandom;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NetworkAddressesTest {
  private static NetworkAddresses of(String subnet, String range, String... taken) {
    List<InetAddress> addresses = new ArrayList<>();
    for (String text : taken) {
      addresses.add(address(text));
    }
    Cidr part = range.isEmpty() ? null : Cidr.of(range);
    return new NetworkAddresses(
        "n", "id", List.of(new NetworkAddresses.Subnet(Cidr.of(subnet), part, addresses)));
  }

  private static InetAddress address(String text) {
    return IpText.parse(text).orElseThrow();
  }

  @Test
  void nothingIsHandedOutTwiceAndNothingIsLost() {
    RandomGenerator random = SeededRandom.create();
    NetworkAddresses addresses = of("10.0.0.0/24", "", "10.0.0.1");
    Set<InetAddress> out = new HashSet<>();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(5) < 3) {
        try {
          assertThat(out.add(addresses.take(false).address())).isTrue();
        } catch (EngineException exhausted) {
          assertThat(out).hasSize(253);
        }
      } else if (!out.isEmpty()) {
        InetAddress back = List.copyOf(out).get(random.nextInt(out.size()));
        out.remove(back);
        addresses.free(back);
      }
      assertThat(addresses.usage().getFirst().inUse())
          .isEqualTo(BigInteger.valueOf(out.size() + 3));
    }
  }

  @Test
  void manyThreadsNeverGetTheSame() throws InterruptedException {
    NetworkAddresses addresses = of("10.0.0.0/20", "");
    Set<InetAddress> out = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int j = 0; j < 500; j++) {
                  out.add(addresses.take(false).address());
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(out).hasSize(4000);
  }

  @Test
  void theLowestFreeAddressIsNext() {
    NetworkAddresses addresses = of("10.75.0.0/16", "", "10.75.0.254", "10.75.0.1");
    assertThat(addresses.take(false).address()).isEqualTo(address("10.75.0.2"));
    NetworkAddresses ranged = of("10.77.0.0/16", "10.77.5.0/24", "10.77.5.254");
    assertThat(ranged.take(false).address()).isEqualTo(address("10.77.5.0"));
    assertThat(ranged.take(address("10.77.9.9")).prefixLength()).isEqualTo(16);
    assertThat(ranged.usage().getFirst().available()).isEqualTo(BigInteger.valueOf(254));
  }

  @Test
  void ipv6SubnetsAreAsGoodAsEndless() {
    NetworkAddresses addresses = of("fd00:91::/64", "", "fd00:91::1");
    assertThat(addresses.take(true).address()).isEqualTo(address("fd00:91::2"));
    InetAddress far = address("fd00:91::ffff:ffff:ffff:fffe");
    addresses.take(far);
    assertThatThrownBy(() -> addresses.take(far)).hasMessage("Address already in use");
    addresses.free(far);
    addresses.take(far);
    assertThat(of("fd00::/8", "").take(true).address()).isEqualTo(address("fd00::1"));
  }

  @Test
  void smallSubnetsAreUsedWhole() {
    NetworkAddresses pair = of("10.0.0.0/31", "");
    assertThat(pair.take(false).address()).isEqualTo(address("10.0.0.0"));
    assertThat(pair.take(false).address()).isEqualTo(address("10.0.0.1"));
    assertThatThrownBy(() -> pair.take(false))
        .hasMessage("no available IPv4 addresses on this network's address pools: n (id)");
    assertThat(of("10.0.0.7/32", "").take(false).address()).isEqualTo(address("10.0.0.7"));
  }
}
