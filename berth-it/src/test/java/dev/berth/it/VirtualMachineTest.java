package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * The tests that need more kernel than most development machines have, each suite in a virtual
 * machine of its own. Classes named {@code …Cases} run nowhere else.
 */
@Order(SpineFirst.LAST)
@Tag("vm")
class VirtualMachineTest {
  private static final int MACHINES_AT_ONCE = 2;
  private static final int LOG_LINES = 40;

  /**
   * The longest first, so that two machines end at about the same time; all limits together keep
   * the whole run within its hour.
   */
  private static final List<VirtualMachine.Suite> SUITES =
      List.of(
          suite(
              "volumes",
              25,
              List.of("nfsd", "nfs", "nfsv3", "nfsv4", "cifs", "xfs", "btrfs", "loop"),
              NfsCases.class,
              CifsCases.class,
              DiskCases.class),
          suite(
              "networks",
              16,
              List.of("ipvlan", "macvlan", "8021q", "dummy"),
              IpvlanCases.class,
              VlanCases.class,
              MacvlanTest.class));

  /** Run by name only, since they have not yet been seen to pass: {@code -Dberth.vm.suite=NAME}. */
  private static final List<VirtualMachine.Suite> ON_REQUEST =
      List.of(
          suite("ports", 10, List.of("sctp"), SctpCases.class),
          suite("firewalld", 15, List.of(), FirewalldCases.class),
          suite("control-groups", 12, List.of(), ControlGroupCases.class),
          new VirtualMachine.Suite(
              "network-drivers",
              List.of(
                  "dev.berth.network.MacvlanKernelTest", "dev.berth.network.ports.SctpPortsTest"),
              List.of("ipvlan", "macvlan", "8021q", "dummy", "sctp"),
              "berth-network",
              Duration.ofMinutes(6)),
          new VirtualMachine.Suite(
              "volume-quotas",
              List.of("dev.berth.volume.driver.local.QuotaKernelTest"),
              List.of("loop", "xfs", "ext4"),
              "berth-volume",
              Duration.ofMinutes(6)),
          new VirtualMachine.Suite(
              "root-quotas",
              List.of("dev.berth.image.RootQuotaKernelTest"),
              List.of("loop", "xfs", "ext4", "overlay"),
              "berth-image",
              Duration.ofMinutes(6)));

  private static ExecutorService machines;

  private static VirtualMachine.Suite suite(
      String name, int minutes, List<String> modules, Class<?>... classes) {
    List<String> names = Stream.of(classes).map(Class::getName).toList();
    return new VirtualMachine.Suite(name, names, modules, "", Duration.ofMinutes(minutes));
  }

  @BeforeAll
  static void open() {
    machines = Executors.newFixedThreadPool(MACHINES_AT_ONCE);
  }

  @AfterAll
  static void close() {
    machines.shutdownNow();
  }

  @TestFactory
  Stream<DynamicNode> suites() {
    Optional<VirtualMachine> machine = VirtualMachine.find();
    Assumptions.assumeTrue(
        machine.isPresent(),
        "no program that boots virtual machines: name one by BERTH_VM, or have shared/vm/run-in-vm"
            + " beside the checkout");
    String wanted = System.getProperty("berth.vm.suite", "");
    Stream<VirtualMachine.Suite> chosen =
        wanted.isEmpty()
            ? SUITES.stream()
            : Stream.concat(SUITES.stream(), ON_REQUEST.stream())
                .filter(suite -> suite.name().equals(wanted));
    return chosen
        .map(suite ->
            results(
                suite,
                CompletableFuture.supplyAsync(() -> machine.orElseThrow().run(suite), machines)))
        .toList()
        .stream();
  }

  private static DynamicNode results(
      VirtualMachine.Suite suite, CompletableFuture<VirtualMachine.Report> report) {
    Stream<DynamicTest> tests =
        Stream.of(report)
            .flatMap(running -> {
              VirtualMachine.Report done = running.join();
              return Stream.concat(
                  Stream.of(
                      DynamicTest.dynamicTest("the machine gets to the end", () -> whole(done))),
                  done.outcomes().stream().map(CaseOutcome::toTest));
            });
    return DynamicContainer.dynamicContainer("in a virtual machine: " + suite.name(), tests);
  }

  /** An emulated machine may be too slow for its limit; that says nothing of what it runs. */
  private static void whole(VirtualMachine.Report report) throws IOException {
    Assumptions.assumeFalse(
        report.gaveUp(),
        () ->
            "the machine gave up after "
                + report.outcomes().size()
                + " tests: "
                + end(report.log()));
    assertThat(report.whole()).as(() -> end(report.log())).isTrue();
    assertThat(report.outcomes()).isNotEmpty();
  }

  private static String end(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      int from = Math.max(0, lines.size() - LOG_LINES);
      return log + ":\n" + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException failure) {
      return failure.toString();
    }
  }
}
