package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.berth.api.FirewallInfo;
import dev.berth.engine.EngineSettings;
import dev.berth.engine.SystemInfo;
import dev.berth.image.Descriptor;
import dev.berth.image.Digest;
import dev.berth.image.Image;
import dev.berth.image.ImageConfig;
import dev.berth.image.ImageDocument;
import dev.berth.image.ImageManifest;
import dev.berth.image.MediaTypes;
import dev.berth.image.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What answers hold for clients of one version and not for those of another. */
class VersionedAnswersTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.5Z");
  private static final String MANIFEST =
      "sha256:00000000000000000000000000000000000000000000000000000000000000aa";

  private static Image image(List<String> tags) {
    return new Image(
        Digest.of(new byte[0]),
        new ImageDocument(
            null,
            "",
            "",
            "",
            new Platform("linux", "amd64", null),
            "",
            ImageConfig.EMPTY,
            List.of(),
            List.of(new ImageDocument.HistoryEntry(null, "made", "", "of the last step", false))),
        tags,
        List.of(),
        null,
        1000,
        null,
        new Image.GraphDriver("overlay2", Map.of()));
  }

  private static ImageMapper.UsedManifest manifest() {
    return new ImageMapper.UsedManifest(
        new ImageManifest(
            new Descriptor(MediaTypes.OCI_MANIFEST, Digest.parse(MANIFEST), 300), 700),
        List.of("c1"));
  }

  private static JsonNode inspect(int minor, boolean manifests) {
    return Json.MAPPER.valueToTree(
        new ImageMapper(ApiVersion.of(minor))
            .inspect(image(List.of("a:1")), manifests ? manifest() : null));
  }

  private static JsonNode summary(int minor, List<String> tags, boolean manifests) {
    return Json.MAPPER.valueToTree(
        new ImageMapper(ApiVersion.of(minor))
            .summary(image(tags), new ImageMapper.Extras(-1, 1, manifests ? manifest() : null)));
  }

  private static JsonNode info(int minor) {
    EngineSettings settings =
        new EngineSettings(
            Path.of("/d"),
            Path.of("/r"),
            List.of(),
            EngineSettings.ContainerDefaults.standard(),
            "json-file",
            Map.of(),
            Duration.ofSeconds(15),
            false,
            Set.of(),
            List.of());
    SystemInfo.Summary summary =
        new SystemInfo.Summary(
            "id",
            1,
            0,
            0,
            1,
            new SystemInfo.Machine("h", "os", "1", "6.1", "x86_64", 2, 1000, 10, 10),
            new SystemInfo.KernelSupport(
                2, true, true, true, true, true, true, true, true, true, true, false),
            "1.8.1",
            "",
            "2.1",
            List.of());
    SystemMapper.InUse inUse =
        new SystemMapper.InUse(
            "overlay2",
            List.of(),
            List.of("crun"),
            List.of("local"),
            List.of("bridge"),
            List.of(),
            new FirewallInfo("iptables", null),
            0);
    return Json.MAPPER.valueToTree(
        new SystemMapper(new Product("1", "", ""), settings, summary)
            .info(inUse, ApiVersion.of(minor), NOW));
  }

  /** Asserts in which of all versions an answer has something at a place. */
  private static void assertThere(
      IntFunction<JsonNode> answers, String pointer, int first, int last) {
    for (int minor :
        IntStream.rangeClosed(ApiVersion.MINIMUM.minor(), ApiVersion.MAXIMUM.minor()).toArray()) {
      assertThat(answers.apply(minor).at(pointer).isMissingNode())
          .as("%s is missing in 1.%d", pointer, minor)
          .isEqualTo(minor < first || minor > last);
    }
  }

  @Test
  void fieldsOfInfo() {
    assertThere(VersionedAnswersTest::info, "/FirewallBackend", 49, 51);
    assertThere(VersionedAnswersTest::info, "/BridgeNfIptables", 24, 49);
    assertThere(VersionedAnswersTest::info, "/BridgeNfIp6tables", 24, 49);
    assertThere(VersionedAnswersTest::info, "/RuncCommit/Expected", 24, 48);
    assertThere(
        VersionedAnswersTest::info, "/RegistryConfig/AllowNondistributableArtifactsCIDRs", 24, 46);
    assertThere(VersionedAnswersTest::info, "/RegistryConfig/InsecureRegistryCIDRs", 24, 51);
  }

  @Test
  void valuesOfInfo() {
    assertThat(info(24).at("/SecurityOptions").toString()).isEqualTo("[\"seccomp\",\"cgroupns\"]");
    assertThat(info(25).at("/SecurityOptions").toString())
        .isEqualTo("[\"name=seccomp,profile=builtin\",\"name=cgroupns\"]");
    assertThat(info(48).at("/RuncCommit").toString())
        .isEqualTo("{\"ID\":\"1.8.1\",\"Expected\":\"1.8.1\"}");
    assertThat(info(51).at("/ContainerdCommit").toString()).isEqualTo("{\"ID\":\"N/A\"}");
  }

  @Test
  void fieldsOfAnImage() {
    assertThere(minor -> inspect(minor, false), "/VirtualSize", 24, 43);
    assertThere(minor -> inspect(minor, false), "/Created", 24, 43);
    assertThere(minor -> inspect(minor, false), "/ContainerConfig/Cmd", 24, 44);
    assertThere(minor -> inspect(minor, false), "/Config/Hostname", 24, 49);
    assertThere(minor -> inspect(minor, false), "/Config/StdinOnce", 24, 49);
    for (String always : List.of("Cmd", "Entrypoint", "Env", "Labels", "OnBuild", "Volumes")) {
      assertThere(minor -> inspect(minor, false), "/Config/" + always, 24, 51);
    }
    assertThat(inspect(51, false).has("Manifests")).isFalse();
    assertThat(inspect(51, false).has("Descriptor")).isFalse();
    assertThat(inspect(51, false).path("Comment").asText()).isEqualTo("of the last step");
    assertThat(inspect(51, false).at("/Config").toString())
        .isEqualTo(
            "{\"User\":\"\",\"Env\":null,\"Entrypoint\":null,\"Cmd\":null,\"Volumes\":null,"
                + "\"WorkingDir\":\"\",\"Labels\":null,\"OnBuild\":null}");
  }

  @Test
  void imagesInLists() {
    assertThere(minor -> summary(minor, List.of(), false), "/VirtualSize", 24, 43);
    assertThere(minor -> summary(minor, List.of(), false), "/RepoTags/0", 24, 42);
    assertThere(minor -> summary(minor, List.of("a:1"), false), "/RepoDigests/0", 25, 24);
    assertThere(minor -> summary(minor, List.of(), true), "/Descriptor", 48, 51);
    assertThat(summary(42, List.of(), false).path("RepoTags").toString())
        .isEqualTo("[\"<none>:<none>\"]");
  }

  @Test
  void manifestsOfAnImage() {
    JsonNode manifest = inspect(51, true).at("/Manifests/0");

    assertThat(manifest.toString())
        .isEqualTo(
            "{\"ID\":\""
                + MANIFEST
                + "\",\"Descriptor\":{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"digest\":\""
                + MANIFEST
                + "\",\"size\":300},\"Available\":true,\"Size\":{\"Content\":700,\"Total\":1700},"
                + "\"Kind\":\"image\",\"ImageData\":{\"Platform\":{\"architecture\":\"amd64\","
                + "\"os\":\"linux\"},\"Size\":{\"Unpacked\":1000},\"Containers\":[\"c1\"]}}");
  }
}
