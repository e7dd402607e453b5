package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.runtime.ProcessTable;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessListingTest {
  private static final String OUTPUT =
      """
      UID          PID    PPID  C STIME TTY          TIME CMD
      root           1       0  0 10:00 ?        00:00:01 /sbin/init splash
      root          42       1  0 10:00 ?        00:00:00 sleep   1000
      """;

  @Test
  void keepsTheLinesOfTheContainer() {
    ProcessTable table = ProcessListing.parse(OUTPUT, Set.of(42));

    assertThat(table.titles())
        .containsExactly("UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD");
    assertThat(table.processes())
        .containsExactly(List.of("root", "42", "1", "0", "10:00", "?", "00:00:00", "sleep   1000"));
  }

  @Test
  void needsTheColumnOfProcessIds() {
    assertThatThrownBy(() -> ProcessListing.parse("USER CMD\nroot sh\n", Set.of(1)))
        .hasMessage("Couldn't find PID field in ps output");
  }

  @Test
  void refusesToHaveThatColumnRenamed() {
    assertThatThrownBy(() -> ProcessListing.list(List.of("-o", "uid=PID"), Set.of(1)))
        .hasMessageContaining("is not allowed");
  }
}
