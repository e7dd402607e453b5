package dev.berth.it;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes inside of a virtual machine, or in a JVM of their own, and writes down each
 * outcome as soon as it is known, so that one that is cut off in the middle still tells what it did.
 */
final class GuestSuite implements TestExecutionListener {
  private final Path report;
  private final Map<String, Long> started = new ConcurrentHashMap<>();

  private GuestSuite(Path report) {
    this.report = report;
  }

  /** Takes the file of the report and the names of test classes. */
  static void main(String[] words) throws IOException {
    Path report = Path.of(words[0]);
    Files.createDirectories(report.getParent());
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Stream.of(words).skip(1).map(name -> selectClass(name)).toList())
            .configurationParameter(
                "junit.jupiter.testmethod.order.default",
                "org.junit.jupiter.api.MethodOrderer$MethodName")
            .build();
    GuestSuite suite = new GuestSuite(report);
    LauncherFactory.create().execute(request, suite);
    GuestHost.close();
    suite.write(CaseOutcome.end());
    System.exit(0);
  }

  @Override
  public void executionStarted(TestIdentifier test) {
    started.put(test.getUniqueId(), System.nanoTime());
    if (test.isTest()) {
      System.err.println("case " + nameOf(test));
    }
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    write(new CaseOutcome(CaseOutcome.Status.SKIPPED, 0, nameOf(test), reason));
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    CaseOutcome.Status status =
        switch (result.getStatus()) {
          case SUCCESSFUL -> CaseOutcome.Status.PASSED;
          case ABORTED -> CaseOutcome.Status.SKIPPED;
          case FAILED -> CaseOutcome.Status.FAILED;
        };
    if (test.isContainer() && status == CaseOutcome.Status.PASSED) {
      return;
    }
    long begin = started.getOrDefault(test.getUniqueId(), System.nanoTime());
    long millis = (System.nanoTime() - begin) / 1_000_000;
    String details = result.getThrowable().map(GuestSuite::trace).orElse("");
    System.err.println(status + " after " + millis + " ms: " + nameOf(test) + "\n" + details);
    write(new CaseOutcome(status, millis, nameOf(test), details));
  }

  private static String nameOf(TestIdentifier test) {
    String type =
        test.getUniqueIdObject().getSegments().stream()
            .filter(segment -> segment.getType().equals("class"))
            .map(segment -> segment.getValue().replaceAll(".*\\.", ""))
            .findFirst()
            .orElse("suite");
    return type + ": " + test.getDisplayName();
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private synchronized void write(CaseOutcome outcome) {
    try {
      Files.writeString(
          report, outcome.line() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
