package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One sample of {@code GET /containers/{id}/stats}, with the sample before it. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerStats(
    String name,
    String id,
    String read,
    String preread,
    @JsonProperty("pids_stats") PidsStats pidsStats,
    @JsonProperty("blkio_stats") BlkioStats blkioStats,
    @JsonProperty("num_procs") int numProcs,
    @JsonProperty("storage_stats") Empty storageStats,
    @JsonProperty("cpu_stats") CpuStats cpuStats,
    @JsonProperty("precpu_stats") CpuStats precpuStats,
    @JsonProperty("memory_stats") MemoryStats memoryStats,
    @OmitNull @Nullable Map<String, NetworkStats> networks) {}
