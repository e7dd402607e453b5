package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Block I/O of a container. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record BlkioStats(
    @JsonProperty("io_service_bytes_recursive") @Nullable List<BlkioStatEntry> ioServiceBytes,
    @JsonProperty("io_serviced_recursive") @Nullable List<BlkioStatEntry> ioServiced,
    @JsonProperty("io_queue_recursive") @Nullable List<BlkioStatEntry> ioQueue,
    @JsonProperty("io_service_time_recursive") @Nullable List<BlkioStatEntry> ioServiceTime,
    @JsonProperty("io_wait_time_recursive") @Nullable List<BlkioStatEntry> ioWaitTime,
    @JsonProperty("io_merged_recursive") @Nullable List<BlkioStatEntry> ioMerged,
    @JsonProperty("io_time_recursive") @Nullable List<BlkioStatEntry> ioTime,
    @JsonProperty("sectors_recursive") @Nullable List<BlkioStatEntry> sectors) {}
