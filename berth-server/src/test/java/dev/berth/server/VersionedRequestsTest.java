package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.api.ContainerCreateRequest;
import dev.berth.api.ContainerUpdateRequest;
import dev.berth.core.EngineException;
import dev.berth.engine.ContainerSpec;
import dev.berth.engine.EndpointSpec;
import dev.berth.engine.HostOptions;
import dev.berth.image.Platform;
import dev.berth.volume.MountRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of one version say to the engine and those of another do not, or say otherwise. */
class VersionedRequestsTest {
  private static final String SYSCTLS = "com.docker.network.endpoint.sysctls";

  private static SpecMapper.Mapped mapped(int minor, String body) {
    return new SpecMapper(ApiVersion.of(minor))
        .spec(JsonBody.parse(body.getBytes(StandardCharsets.UTF_8), ContainerCreateRequest.class));
  }

  private static SpecMapper.Mapped withHost(int minor, String host) {
    return mapped(minor, "{\"Image\":\"i\",\"HostConfig\":{" + host + "}}");
  }

  private static HostOptions host(int minor, String host) {
    return withHost(minor, host).spec().host();
  }

  private static MountRequest mount(int minor, String mount) {
    return Objects.requireNonNull(
            host(minor, "\"Mounts\":[{\"Target\":\"/t\"," + mount + "}]").storage().mounts())
        .getFirst();
  }

  private static EndpointSpec endpoint(ContainerSpec spec, String network) {
    return Objects.requireNonNull(Objects.requireNonNull(spec.endpoints()).get(network));
  }

  @Test
  void theClientRemovesContainersItself() {
    assertThat(host(24, "\"AutoRemove\":true").lifecycle().autoRemove()).isFalse();
    assertThat(host(25, "\"AutoRemove\":true").lifecycle().autoRemove()).isTrue();
  }

  @Test
  void othersMayJoinByDefault() {
    assertThat(host(39, "").namespaces().ipc()).isEqualTo("shareable");
    assertThat(host(39, "\"IpcMode\":\"private\"").namespaces().ipc()).isEqualTo("private");
    assertThat(host(40, "").namespaces().ipc()).isEmpty();
  }

  @Test
  void limitsThatCameLater() {
    assertThat(host(39, "\"KernelMemoryTCP\":7").resources().memory().kernelTcp()).isZero();
    assertThat(host(40, "\"KernelMemoryTCP\":7").resources().memory().kernelTcp()).isEqualTo(7);
    assertThat(host(41, "\"ConsoleSize\":[2,3]").consoleSize()).isNull();
    assertThat(host(42, "\"ConsoleSize\":[2,3]").consoleSize()).containsExactly(2, 3);
    assertThat(host(42, "\"Annotations\":{\"a\":\"b\"}").annotations()).isNull();
    assertThat(host(43, "\"Annotations\":{\"a\":\"b\"}").annotations()).containsEntry("a", "b");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"39, 5, none", "40, 5, 5", "51, 0, 0", "51, -1, 0", "51, -7, 0"})
  void changesOfTheProcessLimit(int minor, long asked, Long understood) {
    ContainerUpdateRequest request =
        JsonBody.parse(
            ("{\"PidsLimit\":" + asked + "}").getBytes(StandardCharsets.UTF_8),
            ContainerUpdateRequest.class);

    assertThat(new SpecMapper(ApiVersion.of(minor)).update(request).resources().pidsLimit())
        .isEqualTo(understood);
  }

  @Test
  void optionsOfMounts() {
    String bind = "\"Type\":\"bind\",\"Source\":\"/s\",\"BindOptions\":";
    String both = bind + "{\"NonRecursive\":true,\"CreateMountpoint\":true}";

    assertThat(mount(39, both).bind())
        .isEqualTo(new MountRequest.BindOptions("", false, false, false, false));
    assertThat(mount(40, both).bind())
        .isEqualTo(new MountRequest.BindOptions("", true, false, false, false));
    assertThat(mount(42, both).bind())
        .isEqualTo(new MountRequest.BindOptions("", true, true, false, false));
    assertThat(mount(43, bind + "{},\"ReadOnly\":true").bind())
        .isEqualTo(new MountRequest.BindOptions("", false, false, true, false));
    assertThat(mount(41, bind + "{},\"VolumeOptions\":{},\"TmpfsOptions\":{}").volume()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          42 | "Type":"bind","VolumeOptions":{} | VolumeOptions must not be specified on mount type "bind"
          42 | "Type":"volume","BindOptions":{} | BindOptions must not be specified on mount type "volume"
          51 | "Type":"bind","TmpfsOptions":{} | TmpfsOptions must not be specified on mount type "bind"
          44 | "Type":"volume","VolumeOptions":{"Subpath":"a"} | VolumeOptions.Subpath needs API v1.45 or newer
          47 | "Type":"image","Source":"i" | Mount type "Image" needs API v1.48 or newer
          """)
  void refusesMounts(int minor, String mount, String reason) {
    assertThatThrownBy(() -> mount(minor, mount))
        .isInstanceOf(EngineException.class)
        .hasMessage(reason);
  }

  @Test
  void refusesToForceWhatOldClientsCannotAskFor() {
    String forced = "\"Type\":\"bind\",\"BindOptions\":{\"ReadOnlyForceRecursive\":true}";

    assertThatThrownBy(() -> mount(43, forced))
        .hasMessage("BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer");
  }

  @Test
  void warnsOfADriverThatMountsPassOver() {
    String volume = "\"VolumeDriver\":\"d\",\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/t\"";
    String named = ",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"e\"}}";

    assertThat(withHost(47, volume + "}]").warnings()).isEmpty();
    assertThat(withHost(48, volume + "}]").warnings())
        .singleElement()
        .asString()
        .contains("container-wide volume-driver configuration is ignored");
    assertThat(withHost(48, volume + named + "}]").warnings()).isEmpty();
  }

  @Test
  void gatewayPriorities() {
    String body =
        "{\"Image\":\"i\",\"NetworkingConfig\":{\"EndpointsConfig\":{\"n\":{\"GwPriority\":5}}}}";

    assertThat(endpoint(mapped(47, body).spec(), "n").gatewayPriority()).isZero();
    assertThat(endpoint(mapped(48, body).spec(), "n").gatewayPriority()).isEqualTo(5);
  }

  @Test
  void hardwareAddressesOfTheWholeContainer() {
    String body =
        "{\"Image\":\"i\",\"MacAddress\":\"02:00:00:00:00:01\","
            + "\"HostConfig\":{\"NetworkMode\":\"%s\"},"
            + "\"NetworkingConfig\":{\"EndpointsConfig\":{%s}}}";

    assertThatThrownBy(() -> mapped(43, body.formatted("host", "")))
        .hasMessage("conflicting options: mac-address and the network mode");
    assertThat(mapped(44, body.formatted("host", "")).warnings()).hasSize(1);
    assertThat(
            endpoint(mapped(43, body.formatted("n", "\"id-of-n\":{}")).spec(), "id-of-n")
                .macAddress())
        .isEqualTo("02:00:00:00:00:01");
    assertThatThrownBy(() -> mapped(44, body.formatted("n", "\"id-of-n\":{}")))
        .hasMessageContaining("HostConfig.NetworkMode must match the identity of a network");
    assertThatThrownBy(
            () -> mapped(44, body.formatted("n", "\"n\":{\"MacAddress\":\"02:00:00:00:00:02\"}")))
        .hasMessageContaining("must match the endpoint-specific MAC address");
  }

  @Test
  void kernelParametersOfAnInterface() {
    String sysctls =
        "\"Sysctls\":{\"net.ipv4.conf.%s.log_martians\":\"1\",\"kernel.msgmax\":\"9\"}";

    SpecMapper.Mapped moved = withHost(47, sysctls.formatted("eth0"));
    assertThat(moved.spec().host().namespaces().sysctls()).isEqualTo(Map.of("kernel.msgmax", "9"));
    assertThat(endpoint(moved.spec(), "bridge").driverOptions())
        .isEqualTo(Map.of(SYSCTLS, "net.ipv4.conf.IFNAME.log_martians=1"));
    assertThat(moved.warnings())
        .isEqualTo(
            List.of(
                "Migrated sysctl \"net.ipv4.conf.eth0.log_martians\" to DriverOpts{\""
                    + SYSCTLS
                    + "\":\"net.ipv4.conf.IFNAME.log_martians=1\"}."));
    assertThatThrownBy(() -> withHost(47, sysctls.formatted("eth1")))
        .hasMessageContaining("unable to determine network endpoint for sysctl");
    assertThatThrownBy(() -> withHost(48, sysctls.formatted("eth0")))
        .hasMessage(
            "interface specific sysctl setting \"net.ipv4.conf.eth0.log_martians\" must be supplied"
                + " using driver option '"
                + SYSCTLS
                + "'");
  }

  @Test
  void platformsOfAQuery() {
    assertThat(PlatformQuery.parse("{\"os\":\"linux\",\"architecture\":\"arm64\"}"))
        .isEqualTo(new Platform("linux", "arm64", null));
    assertThatThrownBy(() -> PlatformQuery.parse("linux/arm64"))
        .hasMessageStartingWith("failed to parse platform: invalid character 'l'");
    assertThatThrownBy(() -> PlatformQuery.parse("{\"os\":\"linux\"}"))
        .hasMessage("both OS and Architecture must be provided");
    assertThatThrownBy(() -> PlatformQuery.parse("{\"variant\":\"v8\"}"))
        .hasMessage("optional platform fields provided, but OS and Architecture are missing");
  }
}
