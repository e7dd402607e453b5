package dev.berth.metrics;

import dev.berth.engine.ContainerStats;
import dev.berth.engine.ContainerStats.EndpointCounters;
import dev.berth.engine.ContainerStats.Network;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What each endpoint has carried, as its container sees it: received is what came to it. */
final class EndpointMetrics {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("receive_bytes", "Bytes that came to the container", Network::rxBytes),
          new Column("receive_packets", "Packets that came to the container", Network::rxPackets),
          new Column(
              "receive_dropped", "Packets to the container that were lost", Network::rxDropped),
          new Column("receive_errors", "Packets to the container in error", Network::rxErrors),
          new Column("transmit_bytes", "Bytes that the container sent", Network::txBytes),
          new Column("transmit_packets", "Packets that the container sent", Network::txPackets),
          new Column(
              "transmit_dropped", "Packets of the container that were lost", Network::txDropped),
          new Column("transmit_errors", "Packets of the container in error", Network::txErrors));

  private final ContainerStats stats;

  private record Column(String name, String help, ToLongFunction<Network> value) {}

  EndpointMetrics(ContainerStats stats) {
    this.stats = stats;
  }

  List<MetricSnapshot> collect() {
    Map<Labels, Network> carried = new HashMap<>();
    for (EndpointCounters endpoint : stats.endpoints()) {
      carried.put(labels(endpoint), endpoint.carried());
    }
    return COLUMNS.stream().map(column -> family(column, carried)).toList();
  }

  private static Labels labels(EndpointCounters endpoint) {
    return Labels.of(
        "container", endpoint.containerName(),
        "container_id", endpoint.containerId(),
        "network", endpoint.network(),
        "interface", endpoint.interfaceName());
  }

  private static MetricSnapshot family(Column column, Map<Labels, Network> carried) {
    Map<Labels, Double> values = new HashMap<>();
    carried.forEach((labels, network) ->
        values.put(labels, (double) column.value().applyAsLong(network)));
    return Families.counter("berth_endpoint_" + column.name(), column.help(), values);
  }
}
