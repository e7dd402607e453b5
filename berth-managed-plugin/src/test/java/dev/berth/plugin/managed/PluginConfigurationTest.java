package dev.berth.plugin.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.core.EngineException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginConfigurationTest {
  private static final String WHOLE =
      """
      {"description": "d", "Documentation": "u", "entrypoint": ["/run"], "workdir": "/w",
       "interface": {"types": ["docker.volumedriver/1.0"], "socket": "p.sock"},
       "network": {"type": "host"}, "propagatedMount": "/data", "pidhost": true,
       "linux": {"capabilities": ["CAP_SYS_ADMIN"],
                 "devices": [{"name": "disk", "path": "/dev/fuse", "settable": ["path"]}]},
       "mounts": [{"name": "state", "source": "/var/x", "destination": "/x", "type": "bind",
                   "options": ["rbind"], "settable": ["source"]},
                  {"name": "fixed", "source": "/etc", "destination": "/e"}],
       "env": [{"name": "DEBUG", "value": "0", "settable": ["value"]}, {"name": "OWN"}],
       "args": {"name": "args", "settable": ["value"], "value": ["-v"]}, "unknown": 1}
      """;

  @Test
  void readsWhatAuthorsWriteInWhicheverCase() {
    PluginConfiguration read = PluginConfiguration.parse(WHOLE);
    assertThat(read.documentation()).isEqualTo("u");
    assertThat(read.offer().includes("VolumeDriver")).isTrue();
    assertThat(read.offer().includes("NetworkDriver")).isFalse();
    assertThat(read.onHostNetwork()).isTrue();
    assertThat(read.pidHost()).isTrue();
    assertThat(read.mounts())
        .extracting(PluginConfiguration.Mount::destination)
        .containsExactly("/x", "/e");
    assertThat(PluginSettings.of(read).environment()).containsExactly("DEBUG=0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"entrypoint\":[\"/x\"]}",
        "{\"entrypoint\":[],\"interface\":{\"socket\":\"a.sock\"}}",
        "{\"entrypoint\":[\"/x\"],\"interface\":{\"socket\":\"../a.sock\"}}",
        "{\"entrypoint\":[\"/x\"],\"interface\":{\"socket\":\"a.sock\"},\"mounts\":[{\"destination\":\"x\"}]}"
      })
  void refusesWhatCannotRun(String json) {
    assertThatThrownBy(() -> PluginConfiguration.parse(json)).isInstanceOf(EngineException.class);
  }

  @Test
  void usersSetWhatIsSettable() {
    PluginConfiguration read = PluginConfiguration.parse(WHOLE);
    PluginSettings set =
        PluginSettings.of(read)
            .with(read, List.of("DEBUG=1", "state.source=/var/y", "disk=/dev/null", "args=-a b=c"));
    assertThat(set.environment()).containsExactly("DEBUG=1");
    assertThat(set.mounts().getFirst().source()).isEqualTo("/var/y");
    assertThat(set.devices().getFirst().path()).isEqualTo("/dev/null");
    assertThat(set.arguments()).containsExactly("-a", "b=c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OWN=1", "fixed=/x", "state.type=tmpfs", "nosuch=1", "DEBUG", "=1"})
  void refusesToSetAnythingElse(String assignment) {
    PluginConfiguration read = PluginConfiguration.parse(WHOLE);
    assertThatThrownBy(() -> PluginSettings.of(read).with(read, List.of(assignment)))
        .isInstanceOf(EngineException.class);
  }

  @Test
  void namesEveryPrivilegeAndTakesNoOtherGrant() {
    List<PluginPrivilege> wanted = PluginPrivilege.of(PluginConfiguration.parse(WHOLE));
    assertThat(wanted)
        .extracting(PluginPrivilege::name)
        .containsExactly(
            "network", "host pid namespace", "mount", "mount", "device", "capabilities");
    PluginPrivilege.require(wanted, wanted.reversed());
    for (int i = 0; i < wanted.size(); i++) {
      List<PluginPrivilege> fewer = new java.util.ArrayList<>(wanted);
      PluginPrivilege gone = fewer.remove(i);
      assertThatThrownBy(() -> PluginPrivilege.require(wanted, fewer))
          .hasMessageContaining("incorrect privileges");
      fewer.add(new PluginPrivilege(gone.name(), gone.description(), List.of("other")));
      assertThatThrownBy(() -> PluginPrivilege.require(wanted, fewer))
          .hasMessageContaining("incorrect privileges");
    }
  }
}
