package dev.berth.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docker build with the real client, which speaks to the classic builder. */
@Tag("blackbox")
class BuildTest {
  private static Scene scene;
  private Path context;

  @BeforeAll
  static void start() {
    scene = Scene.open();
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  @BeforeEach
  void makeContext() throws IOException {
    context = Files.createTempDirectory(scene.engine().folder(), "context-");
  }

  @AfterEach
  void clear() {
    scene.clear();
    Leftovers.removeFolder(context);
  }

  private void file(String name, String... lines) throws IOException {
    Path file = context.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private Command build(String... options) {
    List<String> words = new ArrayList<>(List.of("build"));
    words.addAll(List.of(options));
    words.add(context.toString());
    return scene.engine().docker(words.toArray(String[]::new)).with("DOCKER_BUILDKIT", "0");
  }

  private static String in(String image, String line) {
    return scene.docker("run", "--rm", image, "sh", "-c", line).ok().line();
  }

  private static String inspect(String image, String format) {
    return scene.docker("image", "inspect", "--format", format, image).ok().line();
  }

  @Test
  void tellsStepsInTheWordsThatScriptsRead() throws IOException {
    file("Dockerfile", "FROM busybox", "ENV a=b", "RUN echo hello", "CMD [\"sh\"]");
    String first = build("-t", "words", "-t", "words:two").run().ok().text();
    assertThat(first.replaceAll("\\b[0-9a-f]{12}\\b", "ID"))
        .contains(
            """
            Step 1/4 : FROM busybox
             ---> ID
            Step 2/4 : ENV a=b
             ---> ID
            Step 3/4 : RUN echo hello
             ---> Running in ID
            hello
             ---> Removed intermediate container ID
             ---> ID
            Step 4/4 : CMD ["sh"]
             ---> ID
            Successfully built ID
            Successfully tagged words:latest
            Successfully tagged words:two
            """);
    String second = build("-t", "words").run().ok().text();
    assertThat(second.lines().filter(" ---> Using cache"::equals)).hasSize(3);
    assertThat(build("--no-cache").run().ok().text()).doesNotContain("Using cache");
    assertThat(build("-q").run().ok().line()).matches("sha256:[0-9a-f]{64}");
    assertThat(scene.docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", "words").lines())
        .startsWith(
            "/bin/sh -c #(nop)  CMD [\"sh\"]",
            "/bin/sh -c echo hello",
            "/bin/sh -c #(nop)  ENV a=b");
    assertThat(scene.docker("ps", "-aq").line()).isEmpty();
  }

  @Test
  void tellsWhatFailed() throws IOException {
    file("Dockerfile", "FROM busybox", "RUN echo oops >&2; exit 7");
    Command.Result result = build("--force-rm").run();
    assertThat(result.exitCode()).isEqualTo(7);
    assertThat(result.errors())
        .contains("The command '/bin/sh -c echo oops >&2; exit 7' returned a non-zero code: 7");
    assertThat(result.text() + result.errors()).contains("oops");
    assertThat(scene.docker("ps", "-aq").line()).isEmpty();
    assertThat(build().run().exitCode()).isEqualTo(7);
    assertThat(scene.docker("ps", "-aq").lines()).hasSize(1);
    file("Dockerfile", "FROM busybox", "", "FORM x");
    assertThat(build().run().errors())
        .contains(
            "dockerfile parse error on line 3: unknown instruction: FORM (did you mean FROM?)");
    file("Dockerfile", "FROM busybox", "COPY nothing /");
    assertThat(build().run().errors())
        .contains(
            "COPY failed: file not found in build context or excluded by .dockerignore: stat"
                + " nothing: file does not exist");
  }

  @Test
  void keepsIntermediateContainersWhenAsked() throws IOException {
    file("Dockerfile", "FROM busybox", "RUN echo kept > /kept");
    assertThat(build("--rm=false", "--no-cache").run().ok().text()).doesNotContain("Removed");
    assertThat(scene.docker("ps", "-aq").lines()).hasSize(1);
  }

  @Test
  void copiesWithOwnersModesAndPatterns() throws IOException {
    file("one.txt", "1");
    file("two.txt", "2");
    file("three.md", "3");
    file("dir/sub/deep", "deep");
    Files.createSymbolicLink(context.resolve("dir/link"), Path.of("sub/deep"));
    file(
        "Dockerfile",
        "FROM busybox",
        "WORKDIR /work",
        "COPY *.txt many/",
        "COPY --chown=7:8 --chmod=640 three.md renamed",
        "COPY dir tree",
        "COPY <<one <<'two' texts/",
        "it's $PATH",
        "one",
        "$PATH",
        "two",
        "RUN <<END",
        "  echo run > by-text",
        "  cat by-text many/*.txt",
        "END",
        "RUN <<PROGRAM",
        "#!/bin/sh",
        "echo $0 > by-program",
        "PROGRAM");
    build("-t", "copies").run().ok();
    assertThat(
            in(
                "copies",
                "cat many/one.txt many/two.txt renamed tree/link by-text by-program texts/two;"
                    + " stat -c '%u:%g %a' renamed; readlink tree/link; grep -c /bin texts/one"))
        .isEqualTo("1\n2\n3\ndeep\nrun\n/dev/pipes/PROGRAM\n$PATH\n7:8 640\nsub/deep\n1");
    file("one.txt", "other");
    String again = build().run().ok().text();
    assertThat(again.lines().filter(" ---> Using cache"::equals)).hasSize(1);
  }

  @Test
  void leavesOutWhatIsIgnored() throws IOException {
    file(".dockerignore", "*.log", "!keep.log", "secret", "Dockerfile");
    file("a.log", "x");
    file("keep.log", "x");
    file("secret/inside", "x");
    file("plain", "x");
    file("Dockerfile", "FROM busybox", "COPY . /all/");
    build("-t", "ignored").run().ok();
    assertThat(in("ignored", "ls -A /all | tr '\\n' ' '"))
        .isEqualTo(".dockerignore keep.log plain");
  }

  @Test
  void buildsInStages() throws IOException {
    file(
        "Dockerfile",
        "ARG BASE=none",
        "FROM ${BASE} AS maker",
        "ARG VERSION",
        "RUN mkdir /out && echo made $VERSION > /out/file && ln /out/file /out/twin",
        "FROM maker AS tester",
        "RUN exit 9",
        "FROM scratch",
        "COPY --from=maker /out /out",
        "COPY --from=0 /out/file /copy",
        "COPY --from=busybox /bin/busybox /bin/sh");
    build("-t", "stages", "--target", "maker", "--build-arg", "BASE=busybox").run().ok();
    Command.Result whole = build("--build-arg", "BASE=busybox").run();
    assertThat(whole.exitCode()).isEqualTo(9);
    file(
        "Dockerfile",
        Files.readString(context.resolve("Dockerfile")).replace("RUN exit 9", "RUN true").strip());
    String text =
        build(
                "-t",
                "stages",
                "--build-arg",
                "BASE=busybox",
                "--build-arg",
                "VERSION=2",
                "--build-arg",
                "STRAY=1")
            .run()
            .ok()
            .text();
    assertThat(text).contains("[Warning] One or more build-args [STRAY] were not consumed");
    assertThat(
            scene
                .docker("run", "--rm", "stages", "/bin/sh", "-c", "read x < /copy; echo $x")
                .line())
        .isEqualTo("made 2");
    assertThat(build("--target", "nowhere").run().errors())
        .contains("target stage \"nowhere\" could not be found");
  }

  @Test
  void setsWhatContainersInherit() throws IOException {
    file(
        "Dockerfile",
        "FROM busybox",
        "SHELL [\"/bin/sh\", \"-ec\"]",
        "ENV A=1 B=\"two words\"",
        "EXPOSE 80 8000-8001/udp",
        "VOLUME /data",
        "USER 7:8",
        "WORKDIR /deep/er",
        "STOPSIGNAL SIGINT",
        "HEALTHCHECK --interval=30s CMD true",
        "ONBUILD ENV TRIGGER=triggered",
        "ENTRYPOINT [\"echo\"]",
        "CMD [\"hello\"]");
    build("-t", "inherited", "--label", "own=yes").run().ok();
    assertThat(
            inspect(
                "inherited",
                "{{json .Config.ExposedPorts}} {{json .Config.Volumes}} {{.Config.User}}"
                    + " {{.Config.WorkingDir}} {{.Config.StopSignal}} {{.Config.Healthcheck.Test}}"
                    + " {{.Config.Shell}} {{.Config.Labels.own}}"))
        .isEqualTo(
            "{\"80/tcp\":{},\"8000/udp\":{},\"8001/udp\":{}} {\"/data\":{}} 7:8 /deep/er SIGINT"
                + " [CMD-SHELL true] [/bin/sh -ec] yes");
    assertThat(scene.docker("run", "--rm", "inherited").ok().line()).isEqualTo("hello");
    file("Dockerfile", "FROM inherited", "ENTRYPOINT [\"sh\", \"-c\", \"echo $TRIGGER\"]");
    assertThat(build("-t", "triggered").run().ok().text())
        .contains("# Executing 1 build trigger\n");
    assertThat(scene.docker("run", "--rm", "triggered").ok().line()).isEqualTo("triggered");
  }

  @Test
  void dropsWhatARunWritesIntoAVolume() throws IOException {
    file("copied", "x");
    file(
        "Dockerfile",
        "FROM busybox",
        "VOLUME /v",
        "RUN echo lost > /v/lost",
        "COPY copied /v/kept");
    build("-t", "volumes").run().ok();
    assertThat(in("volumes", "ls /v")).isEqualTo("kept");
    assertThat(scene.docker("volume", "ls", "-q").line()).isEmpty();
  }

  @Test
  void unpacksArchivesAndFetchesFiles() throws IOException {
    file("in/tree/file", "packed");
    Path archive = context.resolve("packed.tar.gz");
    Command.of("tar", "-C", context.resolve("in").toString(), "-czf", archive.toString(), "tree")
        .run()
        .ok();
    scene.server("web");
    String address = "http://" + scene.address("web", "bridge") + "/index.html";
    file(
        "Dockerfile",
        "FROM busybox",
        "ADD packed.tar.gz /unpacked/",
        "COPY packed.tar.gz /",
        "ADD " + address + " /page/");
    build("-t", "added").run().ok();
    assertThat(
            in(
                "added",
                "cat /unpacked/tree/file /page/index.html; ls /packed.tar.gz;"
                    + " stat -c %a /page/index.html"))
        .isEqualTo("packed\npage of web\n/packed.tar.gz\n600");
    file("Dockerfile", "FROM busybox", "ADD " + address + "x /page");
    assertThat(build().run().errors()).contains("ADD failed: failed to GET").contains("404");
  }

  @Test
  void choosesTheNetwork() throws IOException {
    String routes = "echo routes-$(wc -l < /proc/net/route)";
    file("Dockerfile", "FROM busybox", "RUN " + routes);
    assertThat(build("--no-cache", "--network", "none").run().ok().text()).contains("routes-1\n");
    scene.network("buildnet", "");
    scene.server("peer", "--network", "buildnet");
    file(
        "Dockerfile",
        "FROM busybox",
        "RUN wget -q -O - http://peer/; grep 1.2.3.4 /etc/hosts",
        "RUN --network=none " + routes);
    assertThat(
            build("--no-cache", "--network", "buildnet", "--add-host", "other:1.2.3.4")
                .run()
                .ok()
                .text())
        .contains("page of peer", "1.2.3.4\tother", "routes-1\n");
  }

  @Test
  void takesADockerfileFromTheInput() {
    String text =
        scene
            .engine()
            .docker("build", "-t", "piped", "-")
            .with("DOCKER_BUILDKIT", "0")
            .input("FROM busybox\nRUN echo piped\n")
            .run()
            .ok()
            .text();
    assertThat(text).contains("piped", "Successfully tagged piped:latest");
  }

  @Test
  void takesAnotherDockerfileAndLimits() throws IOException {
    file("sub/Other", "FROM busybox", "RUN ulimit -n; df -k /dev/shm | tail -1");
    String text =
        build(
                "-f",
                context.resolve("sub/Other").toString(),
                "--ulimit",
                "nofile=321:321",
                "--shm-size",
                "8m",
                "--memory",
                "64m",
                "--cache-from",
                "busybox")
            .run()
            .ok()
            .text();
    assertThat(text).contains("321", "8192");
  }
}
