package dev.berth.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.image.Digest;
import dev.berth.image.ImageConfig;
import dev.berth.image.ProgressSink;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BuilderTest {
  private final FakeWorkshop workshop = new FakeWorkshop();
  private final StringBuilder told = new StringBuilder();
  private final Map<String, @Nullable String> arguments = new HashMap<>();
  private final Map<String, String> labels = new HashMap<>();
  private BuildRequest.Keeping keeping = BuildRequest.Keeping.FAILED;
  private boolean cache = true;

  private final BuildOutput output =
      new BuildOutput() {
        @Override
        public void text(String text) {
          told.append(text);
        }

        @Override
        public void error(String text) {
          told.append("!").append(text);
        }

        @Override
        public void image(Digest id) {}

        @Override
        public ProgressSink progress() {
          return ProgressSink.ignoring();
        }
      };

  @BeforeEach
  void makeBase() {
    workshop.image("base", ImageConfig.EMPTY);
  }

  private String build(String... lines) throws InterruptedException {
    BuildRequest request =
        new BuildRequest("", "", arguments, labels, List.of(), "", null, cache, false, keeping);
    told.setLength(0);
    BuildContext context = BuildContext.ofText("Dockerfile", String.join("\n", lines) + "\n");
    new Builder(request, workshop, output).build(context);
    return told.toString().replaceAll("(?m)^ ---> [0-9a-f]{12}$", " ---> ID");
  }

  private String history(int step) {
    return workshop.steps.get(step).createdBy();
  }

  @Test
  void tellsItsStepsAsDockerDoes() throws InterruptedException {
    assertThat(build("FROM base", "ENV a=b", "RUN echo hello"))
        .isEqualTo(
            """
            Step 1/3 : FROM base
             ---> ID
            Step 2/3 : ENV a=b
             ---> ID
            Step 3/3 : RUN echo hello
             ---> Running in 0123456789ab
            hello
             ---> Removed intermediate container 0123456789ab
             ---> ID
            """);
    assertThat(history(0)).isEqualTo("/bin/sh -c #(nop)  ENV a=b");
    assertThat(history(1)).isEqualTo("/bin/sh -c echo hello");
  }

  @Test
  void usesEarlierStepsAgainUntilOneDiffers() throws InterruptedException {
    build("FROM base", "ENV a=b", "RUN one", "RUN two");
    assertThat(build("FROM base", "ENV a=b", "RUN other", "RUN two"))
        .containsOnlyOnce("Using cache");
    assertThat(build("FROM base", "ENV a=b", "RUN one", "RUN two")).contains("Using cache");
    assertThat(workshop.commands).hasSize(4);
    cache = false;
    assertThat(build("FROM base", "ENV a=b")).doesNotContain("Using cache");
  }

  @Test
  void givesArgumentsWhereTheyAreAskedFor() throws InterruptedException {
    arguments.put("WHO", "client");
    arguments.put("HTTP_PROXY", "http://proxy");
    arguments.put("STRAY", "x");
    String text =
        build(
            "ARG BASE=base",
            "FROM $BASE",
            "ARG WHO=file",
            "ARG OTHER=${WHO}!",
            "LABEL who=$WHO",
            "RUN echo");
    assertThat(text).contains("[Warning] One or more build-args [STRAY] were not consumed\n");
    assertThat(workshop.steps.get(2).config().labels()).containsEntry("who", "client");
    assertThat(history(1)).isEqualTo("/bin/sh -c #(nop)  ARG OTHER=client!");
    assertThat(history(3)).isEqualTo("|2 OTHER=client! WHO=client /bin/sh -c echo");
    assertThat(workshop.commands.getFirst().environment())
        .contains("WHO=client", "HTTP_PROXY=http://proxy");
    assertThat(workshop.steps.get(3).config().env()).noneMatch(entry -> entry.startsWith("WHO="));
  }

  @Test
  void keepsArgumentsOfAStageToItself() throws InterruptedException {
    build("FROM base AS one", "ARG A=1", "FROM base", "LABEL a=x$A");
    assertThat(workshop.steps.get(1).config().labels()).containsEntry("a", "x");
  }

  @Test
  void letsAnEntrypointTakeTheInheritedCommandAway() throws InterruptedException {
    build("FROM base", "CMD a", "ENTRYPOINT [\"b\"]");
    assertThat(workshop.steps.get(1).config().cmd()).containsExactly("/bin/sh", "-c", "a");
    workshop.image("commanded", workshop.steps.get(1).config());
    build("FROM commanded", "ENTRYPOINT [\"c\"]");
    assertThat(workshop.steps.get(2).config().cmd()).isNull();
    assertThat(history(2)).isEqualTo("/bin/sh -c #(nop)  ENTRYPOINT [\"c\"]");
  }

  @Test
  void carriesOutTriggersOfTheBase() throws InterruptedException {
    build("FROM base", "ONBUILD ENV late=yes", "ONBUILD RUN it");
    ImageConfig config = workshop.steps.get(1).config();
    assertThat(config.onBuild()).containsExactly("ENV late=yes", "RUN it");
    workshop.image("parent", config);
    assertThat(build("FROM parent", "USER me")).contains("# Executing 2 build triggers\n");
    assertThat(workshop.steps.getLast().config().onBuild()).isEmpty();
    assertThat(workshop.steps.getLast().config().env()).contains("late=yes");
  }

  @Test
  void putsTheClientsLabelsLast() throws InterruptedException {
    labels.put("b", "$x");
    labels.put("a", "1");
    assertThat(build("FROM base")).contains("Step 2/3 : LABEL a=1\n", "Step 3/3 : LABEL b=$x\n");
  }

  @Test
  void exposesEachPortOfARange() throws InterruptedException {
    build("FROM base", "ENV P=90", "EXPOSE 80-82/udp $P");
    assertThat(workshop.steps.get(1).config().exposedPorts())
        .containsExactlyInAnyOrder("80/udp", "81/udp", "82/udp", "90/tcp");
  }

  @Test
  void runsTextsThatFollow() throws InterruptedException {
    build("FROM base", "RUN <<A", "echo $one", "A", "RUN cat <<B", "x", "B");
    assertThat(workshop.commands.get(0).arguments())
        .containsExactly("/bin/sh", "-c", "echo $one\n");
    assertThat(workshop.commands.get(1).arguments())
        .containsExactly("/bin/sh", "-c", "cat <<B\nx\nB");
  }

  @Test
  void tellsWhichCommandFailed() {
    workshop.exitCode = 3;
    assertThatThrownBy(() -> build("FROM base", "RUN exit 3"))
        .isInstanceOfSatisfying(
            FailedCommandException.class, failure -> assertThat(failure.exitCode()).isEqualTo(3))
        .hasMessage("The command '/bin/sh -c exit 3' returned a non-zero code: 3");
    assertThat(workshop.removed).isEmpty();
    keeping = BuildRequest.Keeping.NONE;
    assertThatThrownBy(() -> build("FROM base", "RUN exit 3")).hasMessageContaining("code: 3");
    assertThat(workshop.removed).hasSize(1);
  }

  @Test
  void refusesStagesThatAreNotThere() {
    assertThatThrownBy(() -> build("FROM base", "COPY --from=0 a b"))
        .hasMessage("invalid from flag value 0: refers to current build stage");
    assertThatThrownBy(() -> build("FROM base", "COPY --from=7 a b"))
        .hasMessage("invalid from flag value 7: index out of bounds");
    assertThatThrownBy(() -> build("FROM base AS a", "FROM base AS A"))
        .hasMessage("a stage name already used");
    assertThatThrownBy(() -> build("FROM $none"))
        .hasMessage("base name ($none) should not be blank");
  }
}
