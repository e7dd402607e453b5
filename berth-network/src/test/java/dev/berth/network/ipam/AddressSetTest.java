package dev.berth.network.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.testing.SeededRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSetTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 6, 7, 12, 13, 20, 63})
  void behavesAsASortedSet(int width) {
    RandomGenerator random = SeededRandom.create(width);
    AddressSet set = new AddressSet(width);
    TreeSet<Long> model = new TreeSet<>();
    long limit = Math.min(set.limit(), 500);
    for (int step = 0; step < 5000; step++) {
      long low = random.nextLong(limit + 1);
      long number = random.nextInt(8) == 0 ? set.limit() - low : low;
      switch (random.nextInt(4)) {
        case 0, 1 -> assertThat(set.add(number)).isEqualTo(model.add(number));
        case 2 -> assertThat(set.remove(number)).isEqualTo(model.remove(number));
        default -> {
          long last = number + Math.min(limit, set.limit() - number);
          assertThat(set.lowestAbsent(number, last)).isEqualTo(lowest(model, number, last));
          assertThat(set.count(number, last))
              .isEqualTo(model.subSet(number, true, last, true).size());
        }
      }
      assertThat(set.contains(number)).isEqualTo(model.contains(number));
      assertThat(set.count()).isEqualTo(model.size());
    }
  }

  private static long lowest(TreeSet<Long> model, long first, long last) {
    for (long number = first; number <= last; number++) {
      if (!model.contains(number)) {
        return number;
      }
    }
    return -1;
  }

  @Test
  void findsTheOneGapOfAFullSet() {
    AddressSet set = new AddressSet(16);
    for (long number = 0; number <= set.limit(); number++) {
      set.add(number);
    }
    assertThat(set.lowestAbsent(0, set.limit())).isEqualTo(-1);
    set.remove(54321);
    assertThat(set.lowestAbsent(0, set.limit())).isEqualTo(54321);
  }
}
