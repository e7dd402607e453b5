package dev.berth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an image of a container. */
@Command(name = "commit", description = "Create a new image from a container's changes.")
final class CommitCommand extends Base {
  @Option(
      names = {"-a", "--author"},
      description = "Author of the image.")
  @Nullable String author;

  @Option(
      names = {"-c", "--change"},
      description = "Dockerfile instruction to apply to the image.")
  List<String> changes = List.of();

  @Option(
      names = {"-m", "--message"},
      description = "What changed.")
  @Nullable String message;

  @Option(
      names = {"-p", "--pause"},
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description = "Freeze the container meanwhile (default: true).")
  boolean pause = true;

  @Parameters(index = "0", paramLabel = "CONTAINER")
  String container = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "REPOSITORY[:TAG]")
  @Nullable String reference;

  @Override
  public Integer call() {
    Query query =
        Query.none()
            .with("container", container)
            .with("author", author)
            .with("comment", message)
            .with("pause", pause ? "1" : "0");
    if (reference != null) {
      String name = ImageNames.familiar(reference);
      query = query.with("repo", ImageNames.repository(name)).with("tag", ImageNames.tag(name));
    }
    for (String change : changes) {
      query = query.with("changes", change);
    }
    JsonNode made = engine().post("/commit", query, null);
    out().println(made.path("Id").asText());
    return 0;
  }
}
