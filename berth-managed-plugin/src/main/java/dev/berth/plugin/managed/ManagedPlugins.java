package dev.berth.plugin.managed;

import dev.berth.core.EngineException;
import dev.berth.core.Event;
import dev.berth.core.EventSink;
import dev.berth.core.Ids;
import dev.berth.core.UndoStack;
import dev.berth.image.PluginArtifact;
import dev.berth.image.PluginArtifacts;
import dev.berth.image.ProgressSink;
import dev.berth.image.Reference;
import dev.berth.image.RegistryCredentials;
import dev.berth.plugin.PluginAddress;
import dev.berth.plugin.PluginSource;
import dev.berth.store.Store;
import dev.berth.store.Table;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Installs, runs and removes plugins, and tells the engine's features where they listen. Safe for
 * use by any thread; changes of one plugin are made one after the other.
 *
 * @see <a href="https://docs.docker.com/engine/extend/">managed plugins</a>
 */
public final class ManagedPlugins implements PluginSource, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ManagedPlugins.class.getName());
  private static final Table<PluginRecord> TABLE = new Table<>("plugins", PluginRecord.class);
  private static final Duration USUAL_PATIENCE = Duration.ofSeconds(30);

  private final Parts parts;
  private final PluginFolders folders;
  private final PluginProcesses processes;
  private final Map<String, InstalledPlugin> byId = new ConcurrentHashMap<>();
  private final ReentrantLock changes = new ReentrantLock();

  /**
   * What plugins are made of.
   *
   * @param store keeps them
   * @param registries where they come from
   * @param events told of every change
   * @param ids makes their ids
   * @param clock tells the time
   * @param use says what depends on them
   */
  public record Parts(
      Store store,
      PluginArtifacts registries,
      EventSink events,
      Ids ids,
      InstantSource clock,
      PluginUse use) {}

  /**
   * @param parts what plugins are made of
   * @param root a folder below the engine's data
   * @param run a folder for what need not survive a reboot
   * @param runtime runs them; opened at the first use
   */
  public ManagedPlugins(
      Parts parts,
      Path root,
      Path run,
      java.util.function.Supplier<dev.berth.runtime.Runtime> runtime) {
    this.parts = parts;
    this.folders = new PluginFolders(root, run);
    this.processes = new PluginProcesses(folders, runtime);
  }

  /** Reads the store and takes up those that are enabled, without waiting for them. */
  public void start() {
    parts
        .store()
        .view(state -> state.all(TABLE))
        .forEach((id, record) -> byId.put(id, InstalledPlugin.of(record)));
    folders.start(byId.keySet());
    for (InstalledPlugin plugin : byId.values()) {
      if (plugin.enabled()) {
        try {
          processes.resume(plugin);
        } catch (EngineException e) {
          LOG.log(System.Logger.Level.ERROR, "plugin " + plugin.name() + " does not start", e);
        }
      }
    }
  }

  /** All of them, by name. */
  public List<ManagedPlugin> list() {
    return byId.values().stream()
        .sorted(java.util.Comparator.comparing(InstalledPlugin::name))
        .map(InstalledPlugin::view)
        .toList();
  }

  /**
   * One of them.
   *
   * @param reference a name, with {@code latest} for no tag, an id or the beginning of one
   * @throws EngineException NOT_FOUND, or INVALID when several ids begin so
   */
  public ManagedPlugin find(String reference) {
    return require(reference).view();
  }

  private InstalledPlugin require(String reference) {
    String name = named(reference);
    List<InstalledPlugin> found =
        byId.values().stream()
            .filter(plugin -> plugin.name().equals(name) || plugin.id().equals(reference))
            .toList();
    if (found.isEmpty() && !reference.isEmpty()) {
      found = byId.values().stream().filter(plugin -> plugin.id().startsWith(reference)).toList();
    }
    if (found.size() > 1) {
      throw EngineException.invalid("multiple plugins found for \"" + reference + "\"");
    }
    if (found.isEmpty()) {
      throw EngineException.notFound("plugin \"" + reference + "\" not found");
    }
    return found.getFirst();
  }

  /** A name as it is kept; what is no name stays as it is. */
  private static String named(String reference) {
    try {
      return Reference.parse(reference).withDefaultTag().familiar();
    } catch (EngineException notOne) {
      return reference;
    }
  }

  /** What a plugin in a registry wants. */
  public List<PluginPrivilege> privileges(String remote, RegistryCredentials credentials) {
    Reference reference = Reference.parse(remote).withDefaultTag();
    return PluginPrivilege.of(
        PluginConfiguration.parse(parts.registries().configuration(reference, credentials)));
  }

  /**
   * Installs a plugin; it is not enabled.
   *
   * @param remote what to fetch
   * @param alias what to call it, or null for the same
   * @param granted exactly what it wants
   */
  public void pull(
      String remote,
      @Nullable String alias,
      List<PluginPrivilege> granted,
      RegistryCredentials credentials,
      ProgressSink progress) {
    Reference reference = Reference.parse(remote).withDefaultTag();
    String name = nameFor(remote, alias);
    changing(() -> {
      requireFree(name);
      return install(
          new Wish(parts.ids().next(), name, null),
          staged -> fetch(reference, granted, credentials, progress, staged));
    });
    publish("pull", name, require(name).id());
  }

  /** What a plugin will be called. */
  public static String nameFor(String remote, @Nullable String alias) {
    return alias == null ? Reference.parse(remote).withDefaultTag().familiar() : newName(alias);
  }

  private static String newName(String name) {
    Reference reference = Reference.parse(name);
    if (reference.digest() != null) {
      throw EngineException.invalid("invalid plugin name: " + name);
    }
    return reference.withDefaultTag().familiar();
  }

  private Fetched fetch(
      Reference reference,
      List<PluginPrivilege> granted,
      RegistryCredentials credentials,
      ProgressSink progress,
      Path staged) {
    PluginArtifact artifact =
        parts.registries().pull(reference, credentials, folders.blobs(), progress);
    PluginPrivilege.require(
        PluginPrivilege.of(PluginConfiguration.parse(artifact.configuration())), granted);
    folders.unpack(artifact, staged);
    return new Fetched(artifact, reference.toString());
  }

  /**
   * Makes a plugin of an archive with {@code config.json} and {@code rootfs}.
   *
   * @param context stays the caller's
   */
  public void create(String name, InputStream context) {
    String kept = newName(name);
    changing(() -> {
      requireFree(kept);
      return install(
          new Wish(parts.ids().next(), kept, null),
          staged -> new Fetched(folders.make(context, staged), ""));
    });
    publish("create", kept, require(kept).id());
  }

  private record Wish(String id, String name, @Nullable InstalledPlugin former) {}

  private record Fetched(PluginArtifact artifact, String remote) {}

  private InstalledPlugin install(Wish wish, Function<Path, Fetched> content) {
    try (UndoStack undo = new UndoStack("install plugin " + wish.name())) {
      undo.push("remove blobs", () -> folders.removeBlobsBut(neededBlobs()));
      Path staged = folders.stage();
      undo.push("remove " + staged, () -> dev.berth.archive.Trees.delete(staged));
      Fetched fetched = content.apply(staged);
      PluginConfiguration configuration =
          PluginConfiguration.parse(fetched.artifact().configuration());
      folders.publish(staged, wish.id());
      undo.push("remove plugin " + wish.id(), () -> folders.remove(wish.id(), neededBlobs()));
      PluginRecord record =
          new PluginRecord(
              wish.id(),
              wish.name(),
              fetched.remote(),
              fetched.artifact().configuration(),
              fetched.artifact().layers().stream().map(PluginRecord.Layer::of).toList(),
              PluginSettings.of(configuration),
              false);
      InstalledPlugin installed = new InstalledPlugin(record, configuration);
      keep(wish.former(), installed);
      undo.commit();
      return installed;
    }
  }

  /** Keeps a plugin, in place of another one if there was one. */
  private void keep(@Nullable InstalledPlugin former, InstalledPlugin plugin) {
    parts
        .store()
        .update(state -> {
          if (former != null) {
            state.remove(TABLE, former.id());
          }
          state.put(TABLE, plugin.id(), plugin.record());
          return null;
        });
    byId.put(plugin.id(), plugin);
    if (former != null) {
      byId.remove(former.id());
    }
  }

  private Set<String> neededBlobs() {
    Set<String> needed = new HashSet<>();
    byId.values()
        .forEach(plugin ->
            plugin.record().artifact().layers().forEach(layer -> needed.add(layer.digest().hex())));
    return needed;
  }

  private void requireFree(String name) {
    if (byId.values().stream().anyMatch(plugin -> plugin.name().equals(name))) {
      throw EngineException.conflict("plugin \"" + name + "\" already exists");
    }
  }

  /** Replaces a disabled plugin by what a registry has; its settings begin anew. */
  public void upgrade(
      String name,
      String remote,
      List<PluginPrivilege> granted,
      RegistryCredentials credentials,
      ProgressSink progress) {
    Reference reference = Reference.parse(remote).withDefaultTag();
    InstalledPlugin upgraded =
        changing(() -> {
          InstalledPlugin former = require(name);
          requireDisabled(former);
          InstalledPlugin next =
              install(
                  new Wish(parts.ids().next(), former.name(), former),
                  staged -> fetch(reference, granted, credentials, progress, staged));
          folders.remove(former.id(), neededBlobs());
          return next;
        });
    publish("upgrade", upgraded.name(), upgraded.id());
  }

  /** Takes a plugin to the registry of its name. */
  public void push(String name, RegistryCredentials credentials, ProgressSink progress) {
    InstalledPlugin plugin = require(name);
    Reference reference = Reference.parse(plugin.name()).withDefaultTag();
    parts
        .registries()
        .push(reference, credentials, plugin.record().artifact(), folders.blobs(), progress);
    publish("push", plugin.name(), plugin.id());
  }

  /**
   * Starts a plugin and waits until it listens.
   *
   * @param patience how long; null for the usual time
   */
  public void enable(String name, @Nullable Duration patience) {
    InstalledPlugin plugin =
        changing(() -> {
          InstalledPlugin found = require(name);
          requireDisabled(found);
          processes.start(found, patience == null ? USUAL_PATIENCE : patience);
          keep(null, found.withEnabled(true));
          return found;
        });
    publish("enable", plugin.name(), plugin.id());
  }

  /**
   * Ends a plugin.
   *
   * @param force even when something depends on it
   */
  public void disable(String name, boolean force) {
    InstalledPlugin plugin =
        changing(() -> {
          InstalledPlugin found = require(name);
          if (!found.enabled()) {
            throw EngineException.conflict("plugin \"" + found.name() + "\" found but disabled");
          }
          requireUnused(found, force);
          keep(null, found.withEnabled(false));
          processes.stop(found.id());
          return found;
        });
    publish("disable", plugin.name(), plugin.id());
  }

  /** Sets values of a disabled plugin, each {@code name=value} or {@code name.field=value}. */
  public void set(String name, List<String> assignments) {
    changing(() -> {
      InstalledPlugin found = require(name);
      if (found.enabled()) {
        throw EngineException.invalid(
            "cannot set on an active plugin, disable plugin before setting");
      }
      keep(null, found.withSettings(found.settings().with(found.configuration(), assignments)));
      return found;
    });
  }

  /**
   * Removes a plugin.
   *
   * @param force even when it is enabled or something depends on it
   */
  public void remove(String name, boolean force) {
    InstalledPlugin plugin =
        changing(() -> {
          InstalledPlugin found = require(name);
          requireUnused(found, force);
          if (!force) {
            requireDisabled(found);
          }
          processes.stop(found.id());
          parts
              .store()
              .update(state -> {
                state.remove(TABLE, found.id());
                return null;
              });
          byId.remove(found.id());
          folders.remove(found.id(), neededBlobs());
          return found;
        });
    publish("remove", plugin.name(), plugin.id());
  }

  private static void requireDisabled(InstalledPlugin plugin) {
    if (plugin.enabled()) {
      throw EngineException.conflict("plugin \"" + plugin.name() + "\" is enabled");
    }
  }

  private void requireUnused(InstalledPlugin plugin, boolean force) {
    if (!force && plugin.enabled() && parts.use().isUsed(plugin.name())) {
      throw EngineException.conflict("plugin \"" + plugin.name() + "\" is in use");
    }
  }

  private InstalledPlugin changing(java.util.function.Supplier<InstalledPlugin> change) {
    changes.lock();
    try {
      return change.get();
    } finally {
      changes.unlock();
    }
  }

  private void publish(String action, String name, String id) {
    parts
        .events()
        .publish(
            new Event(
                Event.Type.PLUGIN, action, id, Map.of("name", name), parts.clock().instant()));
  }

  @Override
  public Optional<PluginAddress> find(String interfaceName, String name) {
    String kept = named(name);
    return byId.values().stream()
        .filter(plugin -> plugin.serves(interfaceName))
        .filter(plugin -> plugin.name().equals(kept))
        .findFirst()
        .map(this::address);
  }

  private PluginAddress address(InstalledPlugin plugin) {
    PluginConfiguration configuration = plugin.configuration();
    return new PluginAddress.Contained(
        folders.sockets(plugin.id()).resolve(configuration.offer().socket()),
        folders.rootfs(plugin.id()),
        configuration.propagatedMount(),
        folders.propagated(plugin.id()));
  }

  @Override
  public Set<String> names(String interfaceName) {
    Set<String> names = new TreeSet<>();
    for (InstalledPlugin plugin : byId.values()) {
      if (plugin.serves(interfaceName)) {
        names.add(plugin.name());
      }
    }
    return names;
  }

  @Override
  public String canonical(String name) {
    String kept = named(name);
    return byId.values().stream().anyMatch(plugin -> plugin.name().equals(kept)) ? kept : name;
  }

  /** Stops watching; plugins go on. */
  @Override
  public void close() {
    processes.close();
  }
}
