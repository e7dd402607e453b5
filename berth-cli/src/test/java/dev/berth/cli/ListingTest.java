package dev.berth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {
  private static final String CONTAINER =
      """
      {"Id":"0123456789abcdef","Names":["/web","/other/web"],"Image":"busybox","ImageID":"sha256:ffff",
       "Command":"sh -c 'echo a very long one'","State":"running","Status":"Up 2 minutes",
       "Labels":{"b":"2","com.example.tier":"front"},
       "Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},
                {"PrivatePort":90,"Type":"tcp"},{"PrivatePort":91,"Type":"tcp"}],
       "Mounts":[{"Name":"data","Driver":"local"}]}
      """;

  private static JsonNode container() {
    try {
      return Json.MAPPER.readTree(CONTAINER);
    } catch (JsonProcessingException broken) {
      throw new AssertionError(broken);
    }
  }

  private static String render(String format) {
    return new ContainerListing(false).listing().render(format, List.of(container()));
  }

  @Test
  void alignsTablesUnderDockersHeadings() {
    assertThat(render("table {{.ID}}\\t{{.Names}}\\t{{.Label \"com.example.tier\"}}"))
        .isEqualTo(
            """
            CONTAINER ID   NAMES     tier
            0123456789ab   web       front
            """);
    assertThat(render("table {{lower .Image}}\\t{{.Ports}}"))
        .isEqualTo(
            """
            IMAGE     PORTS
            busybox   90-91/tcp, 0.0.0.0:8080->80/tcp
            """);
  }

  @Test
  void writesWhatTemplatesAskFor() {
    assertThat(render("{{.Names}}: {{.Command}} {{.Labels}} {{.LocalVolumes}}"))
        .isEqualTo("web: \"sh -c 'echo a very …\" b=2,com.example.tier=front 1\n");
    assertThat(render("json")).startsWith("{\"Command\":").contains("\"Names\":\"web\"");
  }

  @Test
  void namesTheFieldThatIsNone() {
    Listing<JsonNode> listing = new ContainerListing(false).listing();
    assertThatThrownBy(() -> listing.check("{{.Foo}}", MissingNode.getInstance()))
        .hasMessage(
            "failed to execute template: template: :1:2: executing \"\" at <.Foo>: can't evaluate"
                + " field Foo in type *formatter.ContainerContext");
    assertThatThrownBy(() -> listing.check("{{.ID", MissingNode.getInstance()))
        .hasMessage("failed to parse template: template: :1: unclosed action");
  }

  @Test
  void noticesThatSizesAreAskedFor() {
    ContainerListing rows = new ContainerListing(false);
    rows.listing().check("{{.ID}}", MissingNode.getInstance());
    assertThat(rows.sizeAsked()).isFalse();
    rows.listing().check("{{.Size}}", MissingNode.getInstance());
    assertThat(rows.sizeAsked()).isTrue();
  }

  @Test
  void fieldsThatTheEngineLeftOutAreEmpty() throws JsonProcessingException {
    JsonNode node = Json.MAPPER.readTree("{\"Id\":\"x\",\"State\":{\"Status\":\"running\"}}");
    Inspection.Found found = new Inspection.Found("Container", node);
    assertThat(inspected("{{if .State.Health}}a{{else}}b{{end}}", found)).isEqualTo("b");
    assertThat(inspected("{{.ID}}", found)).isEqualTo("x");
    assertThat(inspected("{{.Id}}", found)).isEqualTo("x");
    assertThatThrownBy(() -> inspected("{{.Foo}}", found))
        .hasMessage("template: :1:2: executing \"\" at <.Foo>: map has no entry for key \"Foo\"");
  }

  private static String inspected(String format, Inspection.Found found) {
    return Inspection.execute(Inspection.parsed(format), found);
  }

  @Test
  void numbersInNamesAreComparedAsNumbers() {
    assertThat(NaturalOrder.compare("net2", "net10")).isNegative();
    assertThat(NaturalOrder.compare("net", "net1")).isNegative();
  }
}
