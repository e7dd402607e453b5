package dev.berth.metrics;

import dev.berth.linux.NetlinkFigures;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;

/** What the engine does inside, beside what its virtual machine tells. */
final class InternalMetrics {
  private final MetricsSources sources;

  InternalMetrics(MetricsSources sources) {
    this.sources = sources;
  }

  List<MetricSnapshot> collect() {
    return List.of(
        Families.durations(
            "berth_store_commit_seconds",
            "How long commits of the state store took to be durable",
            sources.commits()),
        Families.durations(
            "berth_dns_query_seconds",
            "How long questions took until they were answered from here or passed on",
            sources.names().handled()),
        Families.durations(
            "berth_dns_forwarded_seconds",
            "How long questions took that others were asked",
            sources.names().forwarded()),
        Families.counter(
            "berth_netlink_requests",
            "How many netlink requests were sent to the kernel",
            NetlinkFigures.requests()));
  }
}
