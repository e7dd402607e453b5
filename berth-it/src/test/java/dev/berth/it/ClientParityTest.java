package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same words to docker and to berth, against one engine, are answered the same. */
@Tag("blackbox")
class ClientParityTest {
  /** Words with one space between them; a tilde stands for a space within a word. */
  private static final String WORDS =
      """
      ps --no-trunc --format {{.ID}}
      ps -a --format table~{{.ID}}\\t{{.Names}}\\t{{.Image}}\\t{{.State}}
      ps -a --format {{.Names}}~{{.Label~"tier"}}~{{.Labels}}~{{.Mounts}}~{{.LocalVolumes}}
      ps -aq --filter name=one
      ps --format {{.Ports}}
      ps --format {{.Foo}}
      ps --format {{.ID
      ps --filter foo
      ps x
      ps -x
      ps --nosuch
      ps -n x
      images --format {{.Repository}}:{{.Tag}}~{{.ID}}
      images -q --no-trunc
      images nothing
      network ls --format {{.Name}}~{{.Driver}}~{{.Scope}}~{{.IPv6}}~{{.Internal}}
      network ls --filter driver=nothing
      network inspect --format {{json~.IPAM}} bridge
      network inspect nosuch
      network create
      network create a b
      volume ls
      volume ls -q
      volume ls --format {{.Name}}:{{.Driver}}
      volume ls --format json
      volume inspect --format {{.Mountpoint}} data
      volume inspect nosuch
      inspect one
      inspect --format {{.State.Status}}~{{if~.State.Health}}y{{else}}n{{end}} one
      inspect --format {{json~.Config.Labels}} one
      inspect --format {{range~$k,~$v~:=~.NetworkSettings.Networks}}{{$k}}:{{len~$v.IPAddress}}{{end}} one
      inspect --format {{.HostConfig.RestartPolicy}}~{{.Config.Env}}~{{.HostConfig.Memory}} one
      inspect --format {{.Foo}} one
      inspect --format {{foo}} one
      inspect --format {{index~.Config.Labels~"none"}} one
      inspect --format {{.Config.Labels.none}} one
      inspect nosuch
      inspect --type container nosuch
      inspect --type nosuch one
      inspect
      container inspect --size --format {{.Name}} one
      image inspect --format {{.Id}}~{{.Os}}/{{.Architecture}}~{{.Config.Cmd}} busybox
      image inspect nosuch
      history -q --no-trunc busybox
      port one
      port one 99
      top one -o pid,comm
      diff one
      logs one
      logs nosuch
      rename one
      rm nosuch
      run
      run --memory x busybox
      run --cpus x busybox
      run --ulimit x busybox
      run -p x busybox
      run --mount type=volume busybox
      run --rm busybox sh -c exit~3
      run --rm busybox nosuch
      exec one
      exec one sh -c exit~4
      kill nosuch
      tag busybox
      wait
      stop -t x one
      system df --format {{.Type}}~{{.TotalCount}}
      nosuch
      container nosuch
      """;

  private static EngineUnderTest engine;

  @BeforeAll
  static void start() {
    engine = EngineUnderTest.start().withBusybox();
    engine.docker("volume", "create", "data").run().ok();
    engine
        .docker(
            "run", "-d", "--name", "one", "--label", "tier=front", "-v", "data:/d", "-p",
            "127.0.0.1:8080:80", "busybox", "sleep", "600")
        .run()
        .ok();
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  static Stream<String> words() {
    return WORDS.lines();
  }

  @ParameterizedTest
  @MethodSource("words")
  void answersAsDockerDoes(String line) {
    String[] words = line.replace("\\t", "\t").split(" ", -1);
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].replace('~', ' ');
    }
    Command.Result docker = engine.docker(words).run();
    Command.Result berth = engine.berth(words).run();
    assertThat(berth.text()).isEqualTo(docker.text());
    assertThat(berth.errors()).isEqualTo(own(docker.errors()));
    assertThat(berth.exitCode()).isEqualTo(docker.exitCode());
  }

  /** With the program's own name, and without the slip of a letter that docker 28.2 has. */
  private static String own(String errors) {
    return errors.replaceAll("\\bdocker\\b(?!\\.)", "berth").replace("\nSRun '", "\nRun '");
  }
}
