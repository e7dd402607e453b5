package dev.berth.server;

import dev.berth.api.IdResponse;
import dev.berth.engine.CommitSpec;
import dev.berth.engine.ContainerConfig;
import dev.berth.engine.Engine;
import dev.berth.image.Reference;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Images made of containers. */
final class CommitRoutes {
  private static final byte[] NOTHING = {'{', '}'};

  private final Engine engine;

  CommitRoutes(Engine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    return List.of(Route.post("/commit", this::commit));
  }

  private void commit(Exchange exchange) throws IOException {
    Query query = exchange.query();
    String repository = query.text("repo");
    CommitSpec spec =
        new CommitSpec(
            repository.isEmpty() ? null : reference(repository, query.text("tag")),
            query.text("author"),
            query.text("comment"),
            query.all("changes"),
            query.text("pause").isEmpty() || query.flag("pause"),
            config(exchange));
    String id = engine.commits().commit(query.text("container"), spec).id().toString();
    exchange.reply(201, new IdResponse(id));
  }

  private static Reference reference(String repository, String tag) {
    Reference named = Reference.parse(repository);
    return tag.isEmpty() ? named.withDefaultTag() : named.withTag(tag);
  }

  /** The Docker client sends null, which says as little as no body and as an empty object. */
  private static @Nullable ContainerConfig config(Exchange exchange) throws IOException {
    dev.berth.api.ContainerConfig config = exchange.json(dev.berth.api.ContainerConfig.class);
    return config.equals(JsonBody.parse(NOTHING, dev.berth.api.ContainerConfig.class))
        ? null
        : ConfigMapper.config(config, exchange.version());
  }
}
