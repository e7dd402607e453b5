package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.api.ContainerCreateRequest;
import dev.berth.api.HostConfig;
import dev.berth.core.EngineException;
import dev.berth.core.Event;
import dev.berth.engine.Container;
import dev.berth.engine.ContainerRecord;
import dev.berth.engine.ContainerSpec;
import dev.berth.engine.ContainerState;
import dev.berth.engine.ContainerStatus;
import dev.berth.engine.EndpointSpec;
import dev.berth.engine.HostOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MapperTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.5Z");
  private static final String ID = "0123456789ab".repeat(5) + "0123";

  private static SpecMapper.Mapped spec(int minor, String body) {
    return new SpecMapper(ApiVersion.of(minor))
        .spec(JsonBody.parse(body.getBytes(StandardCharsets.UTF_8), ContainerCreateRequest.class));
  }

  private static Container container(ContainerState state) {
    ContainerSpec spec =
        spec(
                51,
                "{\"Image\":\"busybox\",\"Entrypoint\":[\"sh\"],\"Cmd\":[\"-c\",\"sleep 9\"],"
                    + "\"Labels\":{\"a\":\"b\"},\"Hostname\":\"host1\",\"HostConfig\":{\"NetworkMode\":\"net1\"}}")
            .spec();
    ContainerStatus.Endpoint endpoint =
        new ContainerStatus.Endpoint(
            new EndpointSpec(null, null, List.of("web"), "", null, 0),
            "netid",
            "epid",
            new ContainerStatus.Address("10.1.0.2", 24, "10.1.0.1"),
            ContainerStatus.Address.NONE,
            "02:42:0a:01:00:02",
            List.of("c1", "web"));
    Map<String, List<HostOptions.PortBinding>> ports = new HashMap<>();
    ports.put(
        "80/tcp",
        List.of(
            new HostOptions.PortBinding("0.0.0.0", "8080"),
            new HostOptions.PortBinding("::", "8080")));
    ports.put("53/udp", null);
    return new Container(
        new ContainerRecord(
            ID,
            "c1",
            NOW.minusSeconds(100),
            "sha256:aa",
            spec,
            spec,
            List.of(),
            "linux",
            "overlay2"),
        new ContainerStatus(state, 0, false, Map.of("net1", endpoint), "sb", "/run/netns/sb"),
        null,
        "busybox",
        ports,
        List.of(),
        new Container.Files("/d", "/d/hostname", "/d/hosts", "/d/resolv.conf", "/d/log", Map.of()),
        null);
  }

  private static JsonNode inspect(int minor, ContainerState state) {
    return Json.MAPPER.valueToTree(
        new InspectMapper(ApiVersion.of(minor)).inspect(container(state)));
  }

  @Test
  void carriesEveryFieldOfAHostConfigurationThereAndBack() throws IOException {
    String filled =
        "{\"Binds\":[\"a:/b\"],\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/t\","
            + "\"ReadOnly\":true,\"Consistency\":\"cached\",\"VolumeOptions\":{\"NoCopy\":true,\"Labels\":"
            + "{\"l\":\"1\"},\"Subpath\":\"s\",\"DriverConfig\":{\"Name\":\"local\",\"Options\":"
            + "{\"o\":\"1\"}}}},{\"Type\":\"bind\",\"Source\":\"/s\",\"Target\":\"/b\",\"BindOptions\":"
            + "{\"Propagation\":\"rslave\",\"NonRecursive\":true,\"CreateMountpoint\":true,"
            + "\"ReadOnlyNonRecursive\":true,\"ReadOnlyForceRecursive\":true}},{\"Type\":\"image\","
            + "\"Source\":\"i\",\"Target\":\"/i\",\"ImageOptions\":{\"Subpath\":\"i\"}},{\"Type\":\"tmpfs\","
            + "\"Target\":\"/m\",\"TmpfsOptions\":{\"SizeBytes\":7,\"Mode\":448,\"Options\":"
            + "[[\"noexec\"]]}}],\"VolumeDriver\":\"local\",\"VolumesFrom\":[\"x\"],"
            + "\"Tmpfs\":{\"/t\":\"\"},\"StorageOpt\":{\"size\":\"1G\"},\"ReadonlyRootfs\":true,\"ShmSize\":1,"
            + "\"NetworkMode\":\"n\",\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"1.2.3.4\",\"HostPort\":\"8\"}],"
            + "\"81/tcp\":null},\"PublishAllPorts\":true,\"Dns\":[\"1.1.1.1\"],\"DnsOptions\":[\"o\"],"
            + "\"DnsSearch\":[\"s\"],\"ExtraHosts\":[\"h:1\"],\"Links\":[\"l\"],\"Privileged\":true,"
            + "\"CapAdd\":[\"A\"],\"CapDrop\":[\"B\"],\"GroupAdd\":[\"g\"],\"SecurityOpt\":[\"so\"],"
            + "\"OomScoreAdj\":5,\"Sysctls\":{\"k\":\"v\"},\"MaskedPaths\":[\"/m\"],\"ReadonlyPaths\":[\"/r\"],"
            + "\"IpcMode\":\"ipc\",\"PidMode\":\"pid\",\"UTSMode\":\"uts\",\"CgroupnsMode\":\"cns\","
            + "\"Cgroup\":\"cg\",\"UsernsMode\":\"user\",\"ContainerIDFile\":\"/id\",\"LogConfig\":{\"Type\":"
            + "\"local\",\"Config\":{\"max-size\":\"1m\"}},\"RestartPolicy\":{\"Name\":\"on-failure\","
            + "\"MaximumRetryCount\":3},\"AutoRemove\":true,\"ConsoleSize\":[24,80],\"Annotations\":{\"a\":\"1\"},"
            + "\"Runtime\":\"crun\",\"Isolation\":\"iso\",\"Init\":true,\"CpuShares\":1,\"Memory\":2,"
            + "\"NanoCpus\":3,\"CgroupParent\":\"cp\",\"BlkioWeight\":4,\"BlkioWeightDevice\":[{\"Path\":\"/d\","
            + "\"Weight\":5}],\"BlkioDeviceReadBps\":[{\"Path\":\"/d\",\"Rate\":6}],\"BlkioDeviceWriteBps\":"
            + "[{\"Path\":\"/d\",\"Rate\":7}],\"BlkioDeviceReadIOps\":[{\"Path\":\"/d\",\"Rate\":8}],"
            + "\"BlkioDeviceWriteIOps\":[{\"Path\":\"/d\",\"Rate\":9}],\"CpuPeriod\":10,\"CpuQuota\":11,"
            + "\"CpuRealtimePeriod\":12,\"CpuRealtimeRuntime\":13,\"CpusetCpus\":\"0-1\",\"CpusetMems\":\"0\","
            + "\"Devices\":[{\"PathOnHost\":\"/a\",\"PathInContainer\":\"/b\",\"CgroupPermissions\":\"rwm\"}],"
            + "\"DeviceCgroupRules\":[\"c\"],\"DeviceRequests\":[{\"Driver\":\"d\",\"Count\":1,\"DeviceIDs\":[\"0\"],"
            + "\"Capabilities\":[[\"gpu\"]],\"Options\":{\"o\":\"1\"}}],\"KernelMemoryTCP\":14,"
            + "\"MemoryReservation\":15,\"MemorySwap\":16,\"MemorySwappiness\":17,\"OomKillDisable\":true,"
            + "\"PidsLimit\":18,\"Ulimits\":[{\"Name\":\"nofile\",\"Hard\":20,\"Soft\":19}],\"CpuCount\":0,"
            + "\"CpuPercent\":0,\"IOMaximumIOps\":0,\"IOMaximumBandwidth\":0}";
    HostConfig config = Json.MAPPER.readValue(filled, HostConfig.class);

    JsonNode back =
        Json.MAPPER.valueToTree(HostMapper.json(HostMapper.options(config, ApiVersion.MAXIMUM)));

    assertThat(sorted(back)).isEqualTo(sorted(Json.MAPPER.readTree(filled)));
    assertThat(Json.MAPPER.<JsonNode>valueToTree(config).properties())
        .as("the sample names every field")
        .hasSize(back.properties().size());
  }

  private static Map<String, String> sorted(JsonNode object) {
    Map<String, String> fields = new TreeMap<>();
    object.properties().forEach(entry -> fields.put(entry.getKey(), entry.getValue().toString()));
    return fields;
  }

  @Test
  void derivesDockersBooleansFromTheState() {
    ContainerState.Ending ending =
        new ContainerState.Ending(137, true, NOW.minusSeconds(9), NOW.minusSeconds(4));

    JsonNode running = inspect(51, new ContainerState.Running(42, NOW)).path("State");
    assertThat(running.path("Running").asBoolean()).isTrue();
    assertThat(running.path("Pid").asInt()).isEqualTo(42);
    assertThat(running.path("StartedAt").asText()).isEqualTo("2026-01-02T03:04:05.5Z");
    assertThat(running.path("FinishedAt").asText()).isEqualTo(GoTime.ZERO);

    JsonNode paused = inspect(51, new ContainerState.Paused(42, NOW)).path("State");
    assertThat(paused.path("Running").asBoolean()).isTrue();
    assertThat(paused.path("Paused").asBoolean()).isTrue();

    JsonNode exited = inspect(51, new ContainerState.Exited(ending, null)).path("State");
    assertThat(exited.path("Running").asBoolean()).isFalse();
    assertThat(exited.path("ExitCode").asInt()).isEqualTo(137);
    assertThat(exited.path("OOMKilled").asBoolean()).isTrue();

    JsonNode restarting = inspect(51, new ContainerState.Restarting(ending)).path("State");
    assertThat(restarting.path("Running").asBoolean()).isTrue();
    assertThat(restarting.path("Restarting").asBoolean()).isTrue();

    JsonNode failed =
        inspect(51, new ContainerState.Created(new ContainerState.StartFailure(127, "no sh")))
            .path("State");
    assertThat(failed.path("Status").asText()).isEqualTo("created");
    assertThat(failed.path("ExitCode").asInt()).isEqualTo(127);
    assertThat(failed.path("Error").asText()).isEqualTo("no sh");
    assertThat(
            inspect(51, new ContainerState.Dead(null, "busy"))
                .path("State")
                .path("Dead")
                .asBoolean())
        .isTrue();
  }

  @Test
  void showsAContainerAsInspectDoes() {
    JsonNode json = inspect(51, new ContainerState.Running(42, NOW));

    assertThat(json.path("Name").asText()).isEqualTo("/c1");
    assertThat(json.path("Path").asText()).isEqualTo("sh");
    assertThat(json.path("Args").toString()).isEqualTo("[\"-c\",\"sleep 9\"]");
    assertThat(json.path("NetworkSettings").path("Ports").toString())
        .isEqualTo(
            "{\"53/udp\":null,\"80/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"8080\"},"
                + "{\"HostIp\":\"::\",\"HostPort\":\"8080\"}]}");
    JsonNode endpoint = json.path("NetworkSettings").path("Networks").path("net1");
    assertThat(endpoint.path("IPAddress").asText()).isEqualTo("10.1.0.2");
    assertThat(endpoint.path("Aliases").toString()).isEqualTo("[\"web\"]");
    assertThat(endpoint.path("DNSNames").toString()).isEqualTo("[\"c1\",\"web\"]");
    assertThat(json.path("NetworkSettings").path("IPAddress").asText()).isEmpty();
    assertThat(json.has("SizeRw")).isFalse();
  }

  @Test
  void addsShortIdAndHostNameToTheAliasesOfOldClients() {
    assertThat(
            inspect(44, new ContainerState.Running(42, NOW))
                .at("/NetworkSettings/Networks/net1/Aliases")
                .toString())
        .isEqualTo("[\"web\",\"0123456789ab\",\"host1\"]");
  }

  @Test
  void showsAContainerAsListsDo() {
    JsonNode json =
        Json.MAPPER.valueToTree(
            new SummaryMapper(ApiVersion.MAXIMUM, NOW)
                .summary(container(new ContainerState.Running(42, NOW.minusSeconds(65)))));

    assertThat(json.path("Command").asText()).isEqualTo("sh -c 'sleep 9'");
    assertThat(json.path("Status").asText()).isEqualTo("Up About a minute");
    assertThat(json.path("State").asText()).isEqualTo("running");
    assertThat(json.path("Names").toString()).isEqualTo("[\"/c1\"]");
    assertThat(json.path("Ports").toString())
        .isEqualTo(
            "[{\"PrivatePort\":53,\"Type\":\"udp\"},"
                + "{\"IP\":\"0.0.0.0\",\"PrivatePort\":80,\"PublicPort\":8080,\"Type\":\"tcp\"},"
                + "{\"IP\":\"::\",\"PrivatePort\":80,\"PublicPort\":8080,\"Type\":\"tcp\"}]");
    assertThat(json.has("SizeRw")).isFalse();
  }

  @Test
  void movesTheContainersMacAddressToItsMainEndpoint() {
    String body =
        "{\"Image\":\"i\",\"MacAddress\":\"02:00:00:00:00:01\",\"HostConfig\":{\"NetworkMode\":\"n1\"}}";

    SpecMapper.Mapped mapped = spec(44, body);
    assertThat(mapped.warnings())
        .containsExactly(
            "The container-wide MacAddress field is now deprecated. It should be specified in"
                + " EndpointsConfig instead.");
    assertThat(mapped.spec().endpoints().get("n1").macAddress()).isEqualTo("02:00:00:00:00:01");
    assertThat(mapped.spec().config().identity().macAddress()).isEmpty();
    assertThat(spec(43, body).warnings()).isEmpty();
  }

  @Test
  void dropsLimitsThatAreNone() {
    dev.berth.engine.Resources resources =
        spec(51, "{\"Image\":\"i\",\"HostConfig\":{\"MemorySwappiness\":-1,\"PidsLimit\":-1}}")
            .spec()
            .host()
            .resources();

    assertThat(resources.memory().swappiness()).isNull();
    assertThat(resources.pidsLimit()).isNull();
  }

  @Test
  void refusesWhatOnlyNewerVersionsTake() {
    String two = "{\"Image\":\"i\",\"NetworkingConfig\":{\"EndpointsConfig\":{\"b\":{},\"a\":{}}}}";

    assertThat(spec(44, two).spec().endpoints()).containsOnlyKeys("a", "b");
    assertThatThrownBy(() -> spec(43, two))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("multiple network endpoints: a, b");
    assertThatThrownBy(() -> spec(51, "{}"))
        .hasMessage("config cannot be empty in order to create a container");
  }

  @Test
  void writesEventsInTheirOldAndNewForm() {
    Event event = new Event(Event.Type.CONTAINER, "start", ID, Map.of("image", "busybox"), NOW);
    byte[] line = Json.line(EventMapper.json(event));

    assertThat(new String(Arrays.copyOf(line, line.length), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"status\":\"start\",\"id\":\""
                + ID
                + "\",\"from\":\"busybox\",\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"ID\":\""
                + ID
                + "\",\"Attributes\":{\"image\":\"busybox\"}},\"scope\":\"local\",\"time\":1767323045,"
                + "\"timeNano\":1767323045500000000}\n");
  }
}
