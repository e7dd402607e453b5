package dev.berth.server;

import dev.berth.core.EngineException;
import dev.berth.engine.Filters;
import dev.berth.plugin.managed.ManagedPlugin;
import dev.berth.plugin.managed.ManagedPlugins;
import dev.berth.plugin.managed.PluginPrivilege;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Managed plugins: install, look, switch on and off, set, remove. */
final class PluginRoutes {
  private static final Set<String> FILTERS = Set.of("capability", "enabled");

  private final ManagedPlugins plugins;
  private final Authorization authorization;

  PluginRoutes(ManagedPlugins plugins, Authorization authorization) {
    this.plugins = plugins;
    this.authorization = authorization;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/plugins", this::list).from(25),
        Route.get("/plugins/privileges", this::privileges).from(25),
        Route.get("/plugins/{name}/json", this::inspect).from(25),
        Route.post("/plugins/pull", this::pull).from(25),
        Route.post("/plugins/create", this::create).from(25),
        Route.post("/plugins/{name}/enable", this::enable).from(25),
        Route.post("/plugins/{name}/disable", this::disable).from(25),
        Route.post("/plugins/{name}/push", this::push).from(25),
        Route.post("/plugins/{name}/upgrade", this::upgrade).from(26),
        Route.post("/plugins/{name}/set", this::set).from(25),
        Route.delete("/plugins/{name}", this::remove).from(25));
  }

  private void list(Exchange exchange) throws IOException {
    Filters filters = FilterJson.of(exchange).requireOnly(FILTERS);
    Optional<Boolean> enabled = filters.choice("enabled");
    exchange.reply(
        200,
        plugins.list().stream()
            .filter(plugin -> enabled.orElse(plugin.enabled()) == plugin.enabled())
            .filter(plugin -> offers(plugin, filters.of("capability")))
            .map(PluginMapper::json)
            .toList());
  }

  private static boolean offers(ManagedPlugin plugin, List<String> capabilities) {
    return capabilities.isEmpty()
        || plugin.configuration().offer().types().stream()
            .anyMatch(type -> capabilities.stream().anyMatch(word -> offers(type, word)));
  }

  private static boolean offers(String type, String capability) {
    return type.startsWith("docker." + capability + "/");
  }

  private void privileges(Exchange exchange) throws IOException {
    exchange.reply(
        200,
        plugins
            .privileges(exchange.query().text("remote"), RegistryRoutes.credentials(exchange))
            .stream()
            .map(PluginMapper::json)
            .toList());
  }

  private void inspect(Exchange exchange) throws IOException {
    exchange.reply(200, PluginMapper.json(plugins.find(exchange.name())));
  }

  private void pull(Exchange exchange) throws IOException {
    String remote = exchange.query().text("remote");
    String asked = exchange.query().text("name");
    @Nullable String alias = asked.isEmpty() ? null : asked;
    List<PluginPrivilege> granted = granted(exchange);
    // The client enables what it is told here.
    exchange.answerHeader("Docker-Plugin-Name", ManagedPlugins.nameFor(remote, alias));
    ProgressStream.run(
        exchange,
        progress ->
            plugins.pull(remote, alias, granted, RegistryRoutes.credentials(exchange), progress));
  }

  private static List<PluginPrivilege> granted(Exchange exchange) throws IOException {
    dev.berth.api.PluginPrivilege[] granted = exchange.json(dev.berth.api.PluginPrivilege[].class);
    return Arrays.stream(granted).map(PluginMapper::privilege).toList();
  }

  private void create(Exchange exchange) throws IOException {
    plugins.create(exchange.query().text("name"), exchange.body());
    exchange.reply(204);
  }

  private void enable(Exchange exchange) throws IOException {
    String seconds = exchange.query().text("timeout");
    int patience = seconds.isEmpty() ? 0 : GoValues.parseInt(seconds);
    if (patience < 0) {
      throw EngineException.invalid("negative timeout is not allowed");
    }
    plugins.enable(exchange.name(), patience == 0 ? null : Duration.ofSeconds(patience));
    exchange.reply(200);
  }

  private void disable(Exchange exchange) throws IOException {
    plugins.disable(exchange.name(), exchange.query().flag("force"));
    authorization.forget(plugins.find(exchange.name()).name());
    exchange.reply(200);
  }

  private void push(Exchange exchange) throws IOException {
    ProgressStream.run(
        exchange,
        progress -> plugins.push(exchange.name(), RegistryRoutes.credentials(exchange), progress));
  }

  private void upgrade(Exchange exchange) throws IOException {
    String remote = exchange.query().text("remote");
    List<PluginPrivilege> granted = granted(exchange);
    ProgressStream.run(
        exchange,
        progress ->
            plugins.upgrade(
                exchange.name(), remote, granted, RegistryRoutes.credentials(exchange), progress));
  }

  private void set(Exchange exchange) throws IOException {
    plugins.set(exchange.name(), List.of(exchange.json(String[].class)));
    exchange.reply(204);
  }

  private void remove(Exchange exchange) throws IOException {
    plugins.remove(exchange.name(), exchange.query().flag("force"));
    exchange.reply(200);
  }
}
