package dev.berth.it;

import static org.junit.jupiter.api.Assertions.fail;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/**
 * What became of one test in a virtual machine or another program: a line of the report that it
 * hands back.
 *
 * @param status how it ended
 * @param millis how long it took there
 * @param name class and display name
 * @param details the failure's trace or the reason for a skip
 */
record CaseOutcome(Status status, long millis, String name, String details) {
  /** How a test ended; {@code END} is the last line of a whole report. */
  enum Status {
    PASSED,
    FAILED,
    SKIPPED,
    END
  }

  static CaseOutcome end() {
    return new CaseOutcome(Status.END, 0, "", "");
  }

  static CaseOutcome parse(String line) {
    String[] fields = line.split(" ", 4);
    return new CaseOutcome(
        Status.valueOf(fields[0]),
        Long.parseLong(fields[1]),
        URLDecoder.decode(fields[2], StandardCharsets.UTF_8),
        URLDecoder.decode(fields[3], StandardCharsets.UTF_8));
  }

  String line() {
    return String.join(
        " ",
        status.name(),
        Long.toString(millis),
        URLEncoder.encode(name, StandardCharsets.UTF_8),
        URLEncoder.encode(details, StandardCharsets.UTF_8));
  }

  /** The same outcome as a test of this machine's run. */
  DynamicTest toTest() {
    return DynamicTest.dynamicTest(
        name + " (" + millis + " ms)",
        () -> {
          switch (status) {
            case FAILED -> fail(details);
            case SKIPPED -> Assumptions.abort(details);
            case PASSED, END -> {}
          }
        });
  }
}
