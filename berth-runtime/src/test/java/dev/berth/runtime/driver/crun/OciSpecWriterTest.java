package dev.berth.runtime.driver.crun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.runtime.Capabilities;
import dev.berth.runtime.ConsoleSize;
import dev.berth.runtime.IoSpec;
import dev.berth.runtime.IsolationSpec;
import dev.berth.runtime.LaunchDefaults;
import dev.berth.runtime.LaunchSpec;
import dev.berth.runtime.Namespace;
import dev.berth.runtime.OciMount;
import dev.berth.runtime.ProcessSpec;
import dev.berth.runtime.ProcessUser;
import dev.berth.runtime.Resources;
import dev.berth.runtime.RootSpec;
import dev.berth.runtime.SecuritySpec;
import dev.berth.runtime.SecuritySpec.DeviceRule;
import dev.berth.runtime.Ulimit;
import dev.berth.runtime.driver.seccomp.SeccompFilters.Filter;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OciSpecWriterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode golden(String name) throws Exception {
    try (InputStream in = OciSpecWriterTest.class.getResourceAsStream(name)) {
      return JSON.readTree(in);
    }
  }

  private static LaunchSpec plain(SecuritySpec security) {
    List<OciMount> mounts = new ArrayList<>(LaunchDefaults.mounts(security.privileged()));
    mounts.add(LaunchDefaults.shm(LaunchDefaults.SHM_SIZE_BYTES));
    return new LaunchSpec(
        "c1",
        new ProcessSpec(
            List.of("sh"),
            List.of("PATH=/bin"),
            "/",
            ProcessUser.ROOT,
            false,
            null,
            false,
            List.of()),
        new RootSpec(Path.of("/data/merged"), false),
        mounts,
        new IsolationSpec(LaunchDefaults.namespaces(1), "c1", null, Map.of(), null, Map.of()),
        Resources.UNLIMITED,
        security,
        new IoSpec(false, false, new IoSpec.LogTarget.None()));
  }

  private static JsonNode write(LaunchSpec spec, Filter filter, List<DeviceNode> devices)
      throws Exception {
    return JSON.readTree(
        OciSpecWriter.write(
            spec, new OciSpecWriter.Surroundings("/docker/c1", filter, devices, null)));
  }

  private static SecuritySpec security(boolean privileged) {
    return new SecuritySpec(
        privileged,
        Capabilities.defaults(),
        new SecuritySpec.Seccomp.Unconfined(),
        false,
        privileged ? List.of() : LaunchDefaults.maskedPaths(),
        privileged ? List.of() : LaunchDefaults.readonlyPaths(),
        List.of(),
        List.of());
  }

  @Test
  void writesADefaultContainer() throws Exception {
    assertThat(write(plain(security(false)), new Filter.Program("QUJD"), List.of()))
        .isEqualTo(golden("default-container.json"));
  }

  @Test
  void writesEverythingThatCanBeAsked() throws Exception {
    LaunchSpec base = plain(security(false));
    LaunchSpec spec =
        new LaunchSpec(
            base.id(),
            new ProcessSpec(
                List.of("sh", "-c", "a \"b\" \u00e9"),
                List.of(),
                "/work",
                new ProcessUser(4_294_967_295L, 100, List.of(5L, 6L)),
                true,
                new ConsoleSize(24, 80),
                true,
                List.of(new Ulimit("RLIMIT_NOFILE", 1024, -1))),
            new RootSpec(Path.of("/r"), true, "rshared"),
            List.of(OciMount.bind("/src", "/dst", List.of("ro", "rslave"))),
            new IsolationSpec(
                List.of(
                    Namespace.fresh(Namespace.Kind.MOUNT),
                    Namespace.join(Namespace.Kind.NETWORK, Path.of("/run/netns/x"))),
                "host",
                "domain",
                Map.of("net.ipv4.ip_forward", "1"),
                "/parent",
                Map.of("note", "n")),
            limits(),
            base.security(),
            base.io());
    JsonNode written =
        JSON.readTree(
            OciSpecWriter.write(
                spec,
                new OciSpecWriter.Surroundings(
                    "/parent/c1",
                    new Filter.None(),
                    List.of(
                        new DeviceNode(
                            "/dev/fuse", 'c', 10, 229, "rwm", new DeviceNode.Ownership(438, 0, 5))),
                    "/usr/bin/catatonit")));

    assertThat(written).isEqualTo(golden("full-container.json"));
  }

  private static Resources limits() {
    List<Resources.DeviceRate> rate = List.of(new Resources.DeviceRate(8, 0, 1000));
    return new Resources(
        new Resources.Memory(1L, 2L, 3L, 4, true),
        new Resources.Cpu(1024L, 50_000L, 100_000L, 1L, 2L, "0-1", "0"),
        new Resources.BlockIo(300, rate, rate, rate, rate, rate),
        -1L,
        -500);
  }

  @Test
  void neverGivesInheritableOrAmbientCapabilities() throws Exception {
    JsonNode capabilities =
        write(plain(security(false)), new Filter.None(), List.of()).at("/process/capabilities");

    assertThat(capabilities.has("inheritable")).isFalse();
    assertThat(capabilities.has("ambient")).isFalse();
    assertThat(capabilities.get("bounding")).hasSize(14);
  }

  @Test
  void aPrivilegedContainerMayUseEveryDeviceAndWriteToTheCgroups() throws Exception {
    JsonNode spec = write(plain(security(true)), new Filter.None(), List.of());

    assertThat(spec.at("/linux/resources/devices").toString())
        .isEqualTo("[{\"allow\":true,\"type\":\"a\",\"access\":\"rwm\"}]");
    assertThat(spec.at("/linux/maskedPaths")).isEmpty();
    assertThat(spec.at("/linux/readonlyPaths")).isEmpty();
    for (JsonNode mount : spec.get("mounts")) {
      assertThat(mount.get("options").toString()).doesNotContain("\"ro\"");
    }
  }

  @Test
  void readsDeviceRules() {
    assertThat(DeviceRule.parse("c 42:* rmw")).isEqualTo(new DeviceRule(true, 'c', 42, -1, "rmw"));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> DeviceRule.parse("x 1:1 r"))
        .hasMessage("invalid device cgroup rule format: 'x 1:1 r'");
  }
}
