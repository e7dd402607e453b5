package dev.berth.runtime.driver.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeccompCompilerTest {
  private static final int ALLOW = 0x7fff_0000;
  private static final int EPERM = 0x0005_0001;
  private static final int ENOSYS = 0x0005_0026;
  private static final int AMD64 = 0xc000_003e;
  private static final int I386 = 0x4000_0003;
  private static final int AARCH64 = 0xc000_00b7;
  private static final int READ = 0;
  private static final int CHMOD = 90;
  private static final int PERSONALITY = 135;
  private static final int X32 = 0x4000_0000;

  private static SeccompProfile.Target target(String... capabilities) {
    return new SeccompProfile.Target(Set.of(capabilities), "amd64", "6.1.0-13-amd64");
  }

  private static Optional<byte[]> compile(String json, String... capabilities) {
    return new SeccompCompiler(SyscallTable.amd64())
        .compile(SeccompProfile.resolve(json, target(capabilities)));
  }

  private static BpfMachine machine(String json, String... capabilities) {
    return new BpfMachine(compile(json, capabilities).orElseThrow());
  }

  private static String allowing(String rules) {
    return "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":38,\"syscalls\":["
        + rules
        + "]}";
  }

  private static String rule(String name, String rest) {
    return "{\"names\":[\"" + name + "\"],\"action\":\"SCMP_ACT_ALLOW\"" + rest + "}";
  }

  private static String argument(int index, String value, String valueTwo, String operator) {
    return "{\"index\":%d,\"value\":%s,\"valueTwo\":%s,\"op\":\"SCMP_CMP_%s\"}"
        .formatted(index, value, valueTwo, operator);
  }

  private static boolean allowed(String operator, String value, String valueTwo, long given) {
    String json =
        allowing(rule("personality", ",\"args\":[" + argument(0, value, valueTwo, operator) + "]"));
    return machine(json).run(AMD64, PERSONALITY, given) == ALLOW;
  }

  @Test
  void allowsWhatIsNamedAndGivesTheDefaultElse() {
    BpfMachine machine = machine(allowing(rule("chmod", "")));
    assertThat(machine.run(AMD64, CHMOD)).isEqualTo(ALLOW);
    assertThat(machine.run(AMD64, READ)).isEqualTo(ENOSYS);
    assertThat(machine.run(AMD64, CHMOD - 1)).isEqualTo(ENOSYS);
    assertThat(machine.run(AMD64, CHMOD + 1)).isEqualTo(ENOSYS);
    assertThat(machine.run(AMD64, -1)).isEqualTo(ENOSYS);
    assertThat(machine.run(AMD64, Integer.MAX_VALUE)).isZero();
  }

  @Test
  void killsCallsOfArchitecturesThatAreNotNamed() {
    BpfMachine machine = machine(allowing(rule("chmod", "")));
    assertThat(machine.run(I386, 15)).isZero();
    assertThat(machine.run(AARCH64, CHMOD)).isZero();
    assertThat(machine.run(AMD64, X32 | CHMOD)).isZero();
  }

  @Test
  void hasTheNumbersOfEachArchitecture() {
    String json =
        """
        {"defaultAction":"SCMP_ACT_ERRNO",
         "archMap":[{"architecture":"SCMP_ARCH_X86_64",
                     "subArchitectures":["SCMP_ARCH_X86","SCMP_ARCH_X32"]}],
         "syscalls":[{"names":["chmod"],"action":"SCMP_ACT_ALLOW"}]}
        """;
    BpfMachine machine = machine(json);
    assertThat(machine.run(AMD64, CHMOD)).isEqualTo(ALLOW);
    assertThat(machine.run(AMD64, X32 | CHMOD)).isEqualTo(ALLOW);
    assertThat(machine.run(AMD64, X32 | 15)).isEqualTo(EPERM);
    assertThat(machine.run(I386, 15)).isEqualTo(ALLOW);
    assertThat(machine.run(I386, CHMOD)).isEqualTo(EPERM);
  }

  @Test
  void comparesArgumentsIn64Bits() {
    String big = "4294967296";
    assertThat(allowed("EQ", big, "0", 1L << 32)).isTrue();
    assertThat(allowed("EQ", big, "0", 0)).isFalse();
    assertThat(allowed("EQ", big, "0", (1L << 32) + 1)).isFalse();
    assertThat(allowed("NE", big, "0", 0)).isTrue();
    assertThat(allowed("NE", big, "0", (1L << 32) + 1)).isTrue();
    assertThat(allowed("NE", big, "0", 1L << 32)).isFalse();
    assertThat(allowed("GT", big, "0", (1L << 32) + 1)).isTrue();
    assertThat(allowed("GT", big, "0", 1L << 33)).isTrue();
    assertThat(allowed("GT", big, "0", 1L << 32)).isFalse();
    assertThat(allowed("GT", big, "0", 5)).isFalse();
    assertThat(allowed("GE", big, "0", 1L << 32)).isTrue();
    assertThat(allowed("GE", big, "0", (1L << 32) - 1)).isFalse();
    assertThat(allowed("GE", big, "0", -1)).isTrue();
    assertThat(allowed("LT", big, "0", (1L << 32) - 1)).isTrue();
    assertThat(allowed("LT", big, "0", 1L << 32)).isFalse();
    assertThat(allowed("LE", big, "0", 1L << 32)).isTrue();
    assertThat(allowed("LE", big, "0", (1L << 32) + 1)).isFalse();
    assertThat(allowed("MASKED_EQ", "4294967297", "1", 1)).isTrue();
    assertThat(allowed("MASKED_EQ", "4294967297", "1", 3)).isTrue();
    assertThat(allowed("MASKED_EQ", "4294967297", "1", (1L << 32) + 1)).isFalse();
    assertThat(allowed("EQ", "18446744073709551615", "0", -1)).isTrue();
  }

  @Test
  void needsAllConditionsOfARuleAndAnyOfSeveralRules() {
    String both =
        rule(
            "personality",
            ",\"args\":[" + argument(0, "1", "0", "EQ") + "," + argument(1, "2", "0", "NE") + "]");
    String other = rule("personality", ",\"args\":[" + argument(0, "9", "0", "EQ") + "]");
    BpfMachine machine = machine(allowing(both + "," + other));
    assertThat(machine.run(AMD64, PERSONALITY, 1, 3)).isEqualTo(ALLOW);
    assertThat(machine.run(AMD64, PERSONALITY, 1, 2)).isEqualTo(ENOSYS);
    assertThat(machine.run(AMD64, PERSONALITY, 9, 2)).isEqualTo(ALLOW);
  }

  @Test
  void takesConditionsOnTheSameArgumentAsAlternatives() {
    String json =
        allowing(
            rule(
                "personality",
                ",\"args\":["
                    + argument(0, "1", "0", "EQ")
                    + ","
                    + argument(0, "2", "0", "EQ")
                    + "]"));
    assertThat(machine(json).run(AMD64, PERSONALITY, 2)).isEqualTo(ALLOW);
    assertThat(machine(json).run(AMD64, PERSONALITY, 3)).isEqualTo(ENOSYS);
  }

  @Test
  void decidesByCapabilitiesKernelAndArchitecture() {
    String json =
        allowing(
            rule("chmod", ",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}")
                + ","
                + rule("read", ",\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}")
                + ","
                + rule("write", ",\"includes\":{\"minKernel\":\"6.2\"}")
                + ","
                + rule("open", ",\"includes\":{\"minKernel\":\"4.8\"}")
                + ","
                + rule("close", ",\"includes\":{\"arches\":[\"arm64\"]}"));
    BpfMachine without = machine(json);
    BpfMachine with = machine(json, "CAP_SYS_ADMIN");
    assertThat(without.run(AMD64, CHMOD)).isEqualTo(ENOSYS);
    assertThat(with.run(AMD64, CHMOD)).isEqualTo(ALLOW);
    assertThat(without.run(AMD64, READ)).isEqualTo(ALLOW);
    assertThat(with.run(AMD64, READ)).isEqualTo(ENOSYS);
    assertThat(with.run(AMD64, 1)).isEqualTo(ENOSYS);
    assertThat(with.run(AMD64, 2)).isEqualTo(ALLOW);
    assertThat(with.run(AMD64, 3)).isEqualTo(ENOSYS);
  }

  @Test
  void isUnsureOfWhatItDoesNotKnow() {
    assertThat(compile("{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}")).isEmpty();
    assertThat(
            compile(
                "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\"SCMP_ARCH_S390\"]}"))
        .isEmpty();
    assertThat(
            compile(
                "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":[\"SECCOMP_FILTER_FLAG_LOG\"]}"))
        .isEmpty();
    String socket =
        "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":[\"SCMP_ARCH_X86\"],\"syscalls\":["
            + rule("socket", "")
            + "]}";
    assertThat(compile(socket)).isEmpty();
    String contradiction =
        allowing(
            rule("personality", ",\"args\":[" + argument(0, "1", "0", "EQ") + "]")
                + ",{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_KILL\",\"args\":["
                + argument(1, "1", "0", "EQ")
                + "]}");
    assertThat(compile(contradiction)).isEmpty();
  }

  @Test
  void refusesWhatIsNoProfile() {
    for (String json :
        new String[] {
          "",
          "nonsense",
          "[]",
          "{}",
          "{\"defaultAction\":1}",
          "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"read\"]}]}",
          allowing(rule("read", ",\"args\":[{\"index\":7,\"op\":\"SCMP_CMP_EQ\"}]")),
          allowing(rule("read", ",\"args\":[{\"index\":1,\"op\":\"SCMP_CMP_XX\"}]"))
        }) {
      assertThatThrownBy(() -> compile(json))
          .as(json)
          .isInstanceOf(EngineException.class)
          .hasMessageStartingWith("Decoding seccomp profile failed: ");
    }
  }
}
