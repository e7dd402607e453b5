package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.runtime.Capabilities;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.SecuritySpec;
import dev.berth.runtime.driver.seccomp.BpfMachine;
import dev.berth.runtime.driver.seccomp.SeccompFilters;
import dev.berth.runtime.driver.seccomp.SeccompProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our filter of the distribution's profile does what libseccomp's filter of it does. */
@Tag("kernel")
class SeccompEquivalenceTest {
  private static final Path PROFILE = Path.of("/usr/share/containers/seccomp.json");
  private static final int[] ARCHITECTURES = {0xc000_003e, 0x4000_0003, 0xc000_00b7};
  private static final int X32 = 0x4000_0000;
  private static final int MOST_CALLS = 600;
  private static final long[] VALUES = {
    0, 1, 8, 9, 16, 0x20000, 0x20008, 0xffffffffL, -1, 1L << 32
  };

  /** Newer calls that the library of the distribution may not know. */
  private static final int NEWEST_KNOWN = 448;

  @TempDir Path directory;
  private TestContainers containers;

  @BeforeEach
  void open() {
    Assumptions.assumeTrue(TestContainers.possible(), "needs root, crun and conmon");
    Assumptions.assumeTrue(RuntimeContext.goArchitecture().equals("amd64"), "needs amd64");
    containers = new TestContainers(directory);
  }

  @AfterEach
  void close() throws Exception {
    containers.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "none", "all"})
  void agreesWithTheLibrary(String set) throws Exception {
    List<String> capabilities =
        switch (set) {
          case "default" -> Capabilities.defaults();
          case "none" -> List.of();
          default -> Capabilities.available();
        };
    BpfMachine ours = new BpfMachine(ours(capabilities));
    BpfMachine library = new BpfMachine(library(capabilities));

    for (int architecture : ARCHITECTURES) {
      for (int number = 0; number < MOST_CALLS; number++) {
        compare(ours, library, architecture, number);
        compare(ours, library, architecture, X32 | number);
      }
      compare(ours, library, architecture, -1);
    }
  }

  private static void compare(BpfMachine ours, BpfMachine library, int architecture, int number) {
    if ((number & ~X32) > NEWEST_KNOWN && (number & ~X32) < 512) {
      return;
    }
    for (long first : VALUES) {
      for (long third : VALUES) {
        long[] arguments = {first, 0, third, 0, 0, 0};
        assertThat(Integer.toHexString(ours.run(architecture, number, arguments)))
            .as("call %d of %x with %d, %d", number, architecture, first, third)
            .isEqualTo(Integer.toHexString(library.run(architecture, number, arguments)));
      }
    }
  }

  private byte[] ours(List<String> capabilities) {
    SeccompFilters.Filter filter =
        new SeccompFilters(directory.resolve("filters"), PROFILE, true)
            .filter(
                new SecuritySpec.Seccomp.Default(),
                new SeccompProfile.Target(
                    Set.copyOf(capabilities), "amd64", System.getProperty("os.version")));
    assertThat(filter).isInstanceOf(SeccompFilters.Filter.Program.class);
    return Base64.getDecoder().decode(((SeccompFilters.Filter.Program) filter).base64());
  }

  /** crun keeps the filter it has made beside the container's state. */
  private byte[] library(List<String> capabilities) throws Exception {
    String unsure =
        Files.readString(PROFILE)
            .replaceFirst("\\{", "{\"flags\": [\"SECCOMP_FILTER_FLAG_SPEC_ALLOW\"],");
    LaunchSpec spec =
        TestContainers.withSecurity(
            containers.spec("sleep", "1000"),
            new SecuritySpec(
                false,
                capabilities,
                new SecuritySpec.Seccomp.Profile(unsure),
                false,
                List.of(),
                List.of(),
                List.of(),
                List.of()));
    containers.create(spec);
    return Files.readAllBytes(directory.resolve("state/crun/" + spec.id() + "/seccomp.bpf"));
  }
}
