package dev.berth.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiJsonTest {
  private final JsonMapper mapper = ApiJson.mapper();

  @Test
  void readsNamesInAnyCaseAndPassesOverUnknownOnes() throws JsonProcessingException {
    ContainerCreateRequest request =
        mapper.readValue(
            "{\"image\":\"busybox\",\"CMD\":[\"ls\"],\"Future\":{\"x\":[1]},\"HostConfig\":{\"memory\":7}}",
            ContainerCreateRequest.class);

    assertThat(request.config().image()).isEqualTo("busybox");
    assertThat(request.config().cmd()).containsExactly("ls");
    assertThat(request.hostConfig().resources().memory()).isEqualTo(7);
  }

  @Test
  void fillsWhatIsMissingWithGoZeroes() throws JsonProcessingException {
    ContainerCreateRequest request =
        mapper.readValue("{\"Image\":null,\"HostConfig\":{}}", ContainerCreateRequest.class);

    assertThat(request.config().image()).isEmpty();
    assertThat(request.config().user()).isEmpty();
    assertThat(request.config().env()).isNull();
    assertThat(request.config().stopTimeout()).isNull();
    assertThat(request.hostConfig().storage().volumeDriver()).isEmpty();
    assertThat(request.hostConfig().networking().networkMode()).isEmpty();
    assertThat(request.hostConfig().life().restartPolicy()).isNull();
    assertThat(request.hostConfig().resources().pidsLimit()).isNull();
    assertThat(request.networkingConfig()).isNull();
  }

  @Test
  void takesOneStringWhereDockerTakesStringOrList() throws JsonProcessingException {
    ContainerConfig config =
        mapper.readValue("{\"Cmd\":\"ls\",\"Entrypoint\":\"/init\"}", ContainerConfig.class);

    assertThat(config.cmd()).containsExactly("ls");
    assertThat(config.entrypoint()).containsExactly("/init");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Image\":5}",
        "{\"Image\":true}",
        "{\"Image\":[\"a\"]}",
        "{\"Tty\":\"true\"}",
        "{\"Tty\":1}",
        "{\"StopTimeout\":\"1\"}",
        "{\"StopTimeout\":1.5}",
        "{\"Env\":{\"A\":\"b\"}}",
        "{\"Labels\":[\"a\"]}",
        "{\"Labels\":{\"a\":1}}",
        "{\"HostConfig\":{\"Memory\":\"1\"}}",
        "{\"HostConfig\":[]}",
        "[]"
      })
  void refusesAValueOfAnotherType(String body) {
    assertThatThrownBy(() -> mapper.readValue(body, ContainerCreateRequest.class))
        .isInstanceOf(MismatchedInputException.class);
  }

  @Test
  void leavesOutWhatGoLeavesOut() throws JsonProcessingException {
    assertThat(mapper.writeValueAsString(new Port("", 80, 0, "tcp")))
        .isEqualTo("{\"PrivatePort\":80,\"Type\":\"tcp\"}");
    assertThat(
            mapper.writeValueAsString(
                new NetworkSettings(
                    "", "", "", Map.of(), false, "", 0, null, null, "", "", "", 0, "", 0, "", "",
                    Map.of())))
        .isEqualTo(
            "{\"Bridge\":\"\",\"SandboxID\":\"\",\"SandboxKey\":\"\",\"Ports\":{},\"HairpinMode\":false,"
                + "\"LinkLocalIPv6Address\":\"\",\"LinkLocalIPv6PrefixLen\":0,"
                + "\"SecondaryIPAddresses\":null,\"SecondaryIPv6Addresses\":null,\"EndpointID\":\"\","
                + "\"Gateway\":\"\",\"GlobalIPv6Address\":\"\",\"GlobalIPv6PrefixLen\":0,\"IPAddress\":\"\","
                + "\"IPPrefixLen\":0,\"IPv6Gateway\":\"\",\"MacAddress\":\"\",\"Networks\":{}}");
  }

  @Test
  void keepsAZeroBehindAPointer() throws JsonProcessingException {
    assertThat(
            mapper.writeValueAsString(
                mapper.readValue("{\"StopTimeout\":0}", ContainerConfig.class)))
        .contains("\"StopTimeout\":0")
        .contains("\"Env\":null")
        .doesNotContain("Healthcheck");
  }

  @Test
  void writesAHostConfigurationFlat() throws JsonProcessingException {
    HostConfig config =
        mapper.readValue(
            "{\"Binds\":[\"a:/b\"],\"UTSMode\":\"host\",\"BlkioDeviceReadIOps\":[{\"Path\":\"/d\",\"Rate\":1}],"
                + "\"RestartPolicy\":{\"Name\":\"always\"}}",
            HostConfig.class);

    assertThat(mapper.valueToTree(config).properties().stream().map(Map.Entry::getKey))
        .contains("Binds", "UTSMode", "BlkioDeviceReadIOps", "RestartPolicy", "NanoCpus", "ShmSize")
        .doesNotContain("storage", "Storage", "Resources", "Mounts", "Runtime");
    assertThat(config.storage().binds()).isEqualTo(List.of("a:/b"));
  }
}
