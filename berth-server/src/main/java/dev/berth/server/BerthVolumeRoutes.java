package dev.berth.server;

import dev.berth.api.VolumeBenchResult;
import dev.berth.api.VolumeCopyRequest;
import dev.berth.api.VolumeLabelsRequest;
import dev.berth.api.VolumeSnapshotRequest;
import dev.berth.api.VolumeStats;
import dev.berth.archive.Compression;
import dev.berth.core.EngineException;
import dev.berth.core.GoQuote;
import dev.berth.engine.Engine;
import dev.berth.engine.VolumeBench;
import dev.berth.image.ProgressSink;
import dev.berth.volume.Stillness;
import dev.berth.volume.Volume;
import dev.berth.volume.VolumeFilter;
import dev.berth.volume.VolumeObjects;
import dev.berth.volume.VolumeProgress;
import dev.berth.volume.VolumeReading;
import dev.berth.volume.VolumeSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Volumes as whole objects: Berth's own endpoints. */
final class BerthVolumeRoutes {
  private static final String ONE = "/berth/v1/volumes/{name}";

  private final Engine engine;

  BerthVolumeRoutes(Engine engine) {
    this.engine = engine;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/berth/v1/volumes/stats", this::stats),
        Route.post(ONE + "/bench", this::bench),
        Route.get(ONE + "/export", this::export),
        Route.post(ONE + "/import", this::importArchive),
        Route.post(ONE + "/copy", this::copy),
        Route.get(ONE + "/snapshots", this::snapshots),
        Route.post(ONE + "/snapshots", this::snapshot),
        Route.delete(ONE + "/snapshots", this::removeSnapshot),
        Route.post(ONE + "/restore", this::restore),
        Route.post(ONE + "/rename", this::rename),
        Route.post(ONE + "/labels", this::label));
  }

  private VolumeObjects objects() {
    return engine.volumeOperations().objects();
  }

  private void export(Exchange exchange) throws IOException {
    Query query = exchange.query();
    Compression compression = compression(query.text("compression"));
    String type =
        compression == Compression.NONE ? "application/x-tar" : "application/octet-stream";
    objects()
        .export(
            new VolumeObjects.Export(exchange.name(), query.text("snapshot"), compression),
            stillness(query.text("consistency")),
            new LateStream(exchange, 200, type));
  }

  private static Compression compression(String word) {
    return switch (word) {
      case "", "none" -> Compression.NONE;
      case "gzip" -> Compression.GZIP;
      case "zstd" -> Compression.ZSTD;
      default ->
          throw EngineException.invalid(
              "invalid compression " + GoQuote.quote(word) + ": none, gzip or zstd");
    };
  }

  private Stillness stillness(String word) {
    return engine
        .volumeOperations()
        .stillness(
            switch (word) {
              case "", "none" -> Stillness.Consistency.NONE;
              case "pause" -> Stillness.Consistency.PAUSE;
              case "freeze" -> Stillness.Consistency.FREEZE;
              default ->
                  throw EngineException.invalid(
                      "invalid consistency " + GoQuote.quote(word) + ": none, pause or freeze");
            });
  }

  private void importArchive(Exchange exchange) throws IOException {
    Query query = exchange.query();
    boolean merge = query.flag("merge");
    boolean force = query.flag("force");
    if (merge && force) {
      throw EngineException.invalid("an import either merges or replaces");
    }
    VolumeObjects.Onto onto =
        merge
            ? VolumeObjects.Onto.MERGE
            : force ? VolumeObjects.Onto.REPLACE : VolumeObjects.Onto.EMPTY;
    Integer strip = query.number("strip");
    if (strip != null && strip < 0) {
      throw EngineException.invalid("invalid strip: a number of components is wanted");
    }
    Volume filled =
        objects()
            .importArchive(
                new VolumeObjects.Import(
                    exchange.name(), labels(query), strip == null ? 0 : strip, onto),
                exchange.body());
    exchange.reply(201, VolumeMapper.json(filled));
  }

  private static @Nullable Map<String, String> labels(Query query) {
    if (!query.has("label")) {
      return null;
    }
    Map<String, String> labels = new TreeMap<>();
    for (String pair : query.all("label")) {
      int equals = pair.indexOf('=');
      labels.put(
          equals < 0 ? pair : pair.substring(0, equals),
          equals < 0 ? "" : pair.substring(equals + 1));
    }
    return labels;
  }

  private void copy(Exchange exchange) throws IOException {
    VolumeCopyRequest request = exchange.json(VolumeCopyRequest.class);
    VolumeObjects.Copy copy =
        new VolumeObjects.Copy(exchange.name(), request.name(), request.labels());
    ProgressStream.run(
        exchange,
        progress -> {
          objects().copy(copy, stillness(request.consistency()), told(request.name(), progress));
          done(request.name(), progress);
        });
  }

  private static VolumeProgress told(String id, ProgressSink sink) {
    return (step, done, total) -> sink.progress(id, step, done, total);
  }

  private static void done(String id, ProgressSink sink) {
    sink.status(id, "Complete");
  }

  private void snapshots(Exchange exchange) throws IOException {
    exchange.reply(
        200, objects().snapshots(exchange.name()).stream().map(BerthVolumeRoutes::json).toList());
  }

  private void snapshot(Exchange exchange) throws IOException {
    VolumeSnapshotRequest request = exchange.json(VolumeSnapshotRequest.class);
    Map<String, String> labels = request.labels();
    VolumeSnapshot taken =
        objects()
            .snapshot(
                exchange.name(),
                request.name(),
                labels == null ? Map.of() : labels,
                stillness(request.consistency()));
    exchange.reply(201, json(taken));
  }

  private static dev.berth.api.VolumeSnapshot json(VolumeSnapshot snapshot) {
    return new dev.berth.api.VolumeSnapshot(
        snapshot.volume(),
        snapshot.name(),
        GoTime.format(snapshot.created()),
        snapshot.labels(),
        snapshot.sizeBytes(),
        snapshot.method().word());
  }

  private void removeSnapshot(Exchange exchange) throws IOException {
    objects().removeSnapshot(exchange.name(), required(exchange, "snapshot"));
    exchange.reply(204);
  }

  private void restore(Exchange exchange) throws IOException {
    String snapshot = required(exchange, "snapshot");
    ProgressStream.run(
        exchange,
        progress -> {
          objects().restore(exchange.name(), snapshot, told(exchange.name(), progress));
          done(exchange.name(), progress);
        });
  }

  private void rename(Exchange exchange) throws IOException {
    exchange.reply(
        200,
        VolumeMapper.json(
            engine.volumeOperations().rename(exchange.name(), required(exchange, "name"))));
  }

  private void stats(Exchange exchange) throws IOException {
    List<String> names = exchange.query().all("name");
    List<Volume> volumes =
        names.isEmpty()
            ? engine.volumes().list(VolumeFilter.none()).volumes()
            : names.stream().map(engine.volumes()::find).toList();
    exchange.reply(200, objects().read(volumes).stream().map(this::json).toList());
  }

  private VolumeStats json(VolumeReading reading) {
    VolumeReading.DeviceActivity device = reading.device();
    return new VolumeStats(
        reading.volume().name(),
        reading.volume().driver(),
        reading.sizeBytes(),
        reading.inodes(),
        engine.volumeOperations().names(reading.users()),
        device == null ? -1 : device.readBytes(),
        device == null ? -1 : device.writtenBytes());
  }

  private void bench(Exchange exchange) throws IOException {
    String scale = exchange.query().text("scale");
    OutputStream out = new LateStream(exchange, 200, "application/json");
    try (Disconnect.Registration _ = exchange.interruptWhenClientGone()) {
      engine
          .volumeBench()
          .run(
              exchange.name(),
              scale.isEmpty() ? 1 : scale(scale),
              result -> {
                out.write(Json.line(json(result)));
                out.flush();
              });
    }
  }

  private static double scale(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException malformed) {
      throw EngineException.invalid("invalid scale: " + GoQuote.quote(text));
    }
  }

  private static VolumeBenchResult json(VolumeBench.Result result) {
    return new VolumeBenchResult(
        result.name(),
        result.readBytesPerSecond(),
        result.writtenBytesPerSecond(),
        result.readsPerSecond(),
        result.writesPerSecond(),
        result.meanMicroseconds(),
        result.slowestMicroseconds(),
        result.note());
  }

  private static String required(Exchange exchange, String parameter) {
    String value = exchange.query().text(parameter);
    if (value.isEmpty()) {
      throw EngineException.invalid("bad parameter: '" + parameter + "' cannot be empty");
    }
    return value;
  }

  private void label(Exchange exchange) throws IOException {
    VolumeLabelsRequest request = exchange.json(VolumeLabelsRequest.class);
    Map<String, String> add = request.add();
    List<String> remove = request.remove();
    exchange.reply(
        200,
        VolumeMapper.json(
            objects()
                .label(
                    exchange.name(),
                    add == null ? Map.of() : add,
                    remove == null ? Set.of() : Set.copyOf(remove))));
  }
}
