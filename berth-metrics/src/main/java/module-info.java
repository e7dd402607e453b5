/** Figures of the engine and its containers in Prometheus' forms. */
module dev.berth.metrics {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.engine;
  requires transitive dev.berth.network;
  requires dev.berth.linux;
  requires dev.berth.volume;
  requires io.prometheus.metrics.model;
  requires io.prometheus.metrics.instrumentation.jvm;
  requires io.prometheus.writer.text;

  exports dev.berth.metrics;
}
