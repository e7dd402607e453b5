package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes on a real NFS server, alive and dead. */
class NfsCases {
  private static Scene scene;
  private static Wire wire;
  private static FileServer server;

  @BeforeAll
  static void start() {
    scene = GuestHost.shared().scene();
    wire = GuestHost.shared().wire();
    server = FileServer.start(scene, wire).nfs();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void clear() {
    scene.clear();
    server.removeVolumes();
    assertThat(scene.host("grep -c ' nfs' /proc/mounts").line()).isEqualTo("0");
  }

  private static Command.Result run(String volume, String line) {
    return scene.docker("run", "--rm", "-v", volume + ":/d", "busybox", "sh", "-c", line);
  }

  private static void sleeper(String name, String volume) {
    scene.running(name, "\"HostConfig\":{\"Binds\":[\"" + volume + ":/d\"]}");
  }

  private static void share(String name, String options) {
    server.volume(name, "nfs", ":" + server.export(), options);
  }

  @ParameterizedTest(name = "{0} with {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "nfs  | nfsvers=4.2,soft,timeo=50,retrans=2 | nfs4 | vers=4.2,soft,timeo=50",
        "nfs4 | vers=4.1,hard,rsize=65536           | nfs4 | vers=4.1,hard,rsize=65536",
        "nfs  | vers=3,nolock,ro                    | nfs  | ro,vers=3,nolock"
      })
  void served(String type, String options, String kind, String shown) throws IOException {
    Files.writeString(server.export().resolve("greeting"), "hello\n");
    server.volume("shared", type, ":" + server.export(), "addr=" + FileServer.NAME + "," + options);
    sleeper("aa", "shared");
    assertThat(server.mounted("shared")).as(server::log).contains(" " + kind + " ");
    assertThat(server.mounted("shared")).contains(shown.split(","));
    assertThat(server.mounted("shared")).contains("addr=" + FileServer.ADDRESS);
    Command.Result written = scene.in("aa", "cat /d/greeting; echo x > /d/" + kind);
    assertThat(written.line()).isEqualTo("hello");
    assertThat(Files.exists(server.export().resolve(kind))).isEqualTo(!options.endsWith("ro"));
    Files.deleteIfExists(server.export().resolve(kind));
    scene.docker("rm", "-f", "aa").ok();
    Eventually.equal("", () -> server.mounted("shared"));
  }

  @Test
  @DisplayName("several users have one mount, also over a crash of the engine")
  void sharedMount() {
    share("shared", "addr=" + FileServer.ADDRESS + ",rw,nfsvers=4");
    sleeper("aa", "shared");
    sleeper("bb", "shared");
    scene.engine().killEngine();
    scene.engine().startEngine();
    scene.in("aa", "echo there > /d/note").ok();
    assertThat(scene.in("bb", "cat /d/note").line()).isEqualTo("there");
    assertThat(server.mounted("shared").lines()).hasSize(1);
    scene.docker("rm", "-f", "aa").ok();
    assertThat(scene.in("bb", "cat /d/note").line()).isEqualTo("there");
    scene.docker("rm", "-f", "bb").ok();
    Eventually.equal("", () -> server.mounted("shared"));
  }

  @Test
  @DisplayName("errors say what was wrong: a name, an option, a folder that is not served")
  void errors() {
    share("lost", "addr=nowhere.invalid,rw");
    assertThat(run("lost", "true").errors())
        .contains("error resolving passed in network volume address")
        .contains("nowhere.invalid");
    share("odd", "addr=" + FileServer.ADDRESS + ",nfsvers=4,sloppyness=9");
    assertThat(run("odd", "true").errors()).contains("invalid argument (option sloppyness=9)");
    server.volume("gone", "nfs", ":/nothing", "addr=" + FileServer.ADDRESS + ",nfsvers=4");
    assertThat(run("gone", "true").errors())
        .contains("failed to mount local volume: mount :/nothing:")
        .contains("no such file or directory");
    scene.docker("volume", "create", "-o", "type=nfs", "-o", "device=:/x", "bare").ok();
    assertThat(run("bare", "true").exitCode()).isEqualTo(125);
  }

  @Test
  @DisplayName("a server that does not answer ends a start with an error and hinders nobody else")
  void silentAtTheMount() {
    share("shared", "addr=" + FileServer.ADDRESS + ",nfsvers=4,hard");
    server.silence();
    try {
      CompletableFuture<Command.Result> waiting =
          CompletableFuture.supplyAsync(() -> run("shared", "true"));
      Eventually.holds(
          "the start waits",
          () -> scene.docker("ps", "--all", "--quiet").lines().size() == 1 || waiting.isDone());
      scene.docker("run", "--rm", "busybox", "true").ok();
      scene.docker("volume", "ls").ok();
      scene.docker("volume", "create", "other").ok();
      assertThat(run("other", "echo fine").line()).isEqualTo("fine");
      Command.Result failed = waiting.join();
      assertThat(failed.exitCode()).isEqualTo(125);
      assertThat(failed.errors())
          .contains("failed to mount local volume: mount :" + server.export())
          .contains(": no answer within 30 seconds");
      assertThat(run("shared", "true").errors())
          .contains("an earlier attempt still waits for an answer");
    } finally {
      server.speak();
    }
    Eventually.holds("the volume is usable", () -> run("shared", "true").exitCode() == 0);
    Eventually.equal("", () -> server.mounted("shared"));
  }

  @Test
  @DisplayName("a server that dies under a container leaves the engine and other containers alone")
  void silentLater() {
    share("shared", "addr=" + FileServer.ADDRESS + ",nfsvers=4,hard");
    sleeper("aa", "shared");
    scene.running("free", "");
    scene.in("aa", "echo kept > /d/kept").ok();
    server.silence();
    try {
      CompletableFuture<Command.Result> reader =
          CompletableFuture.supplyAsync(() -> scene.in("aa", "ls /d /d/nothing"));
      assertThat(scene.docker("ps", "--quiet").ok().lines()).hasSize(2);
      scene.docker("inspect", "aa").ok();
      scene.docker("volume", "inspect", "shared").ok();
      scene.docker("system", "df", "-v").ok();
      assertThat(scene.in("free", "echo fine").line()).isEqualTo("fine");
      assertThat(run("shared", "true").errors())
          .contains("the server of :" + server.export() + ": no answer within 30 seconds");
      scene.engine().killEngine();
      scene.engine().startEngine();
      assertThat(scene.docker("ps", "--quiet").ok().lines()).hasSize(2);
      scene.docker("rm", "-f", "aa").ok();
      assertThat(reader.join().exitCode()).isNotZero();
    } finally {
      server.speak();
    }
    Eventually.equal("kept", () -> run("shared", "cat /d/kept").line());
  }
}
