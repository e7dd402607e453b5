package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of {@link SystemInfo} about the engine. */
@EngineJson
public record InfoEngine(
    String driver,
    @Nullable List<List<String>> driverStatus,
    PluginsInfo plugins,
    boolean debug,
    String loggingDriver,
    String indexServerAddress,
    RegistryServiceConfig registryConfig,
    @Nullable List<String> genericResources,
    String dockerRootDir,
    List<String> labels,
    boolean experimentalBuild,
    String serverVersion,
    Map<String, RuntimeInfo> runtimes,
    String defaultRuntime,
    SwarmInfo swarm,
    boolean liveRestoreEnabled,
    String isolation,
    String initBinary,
    CommitInfo containerdCommit,
    CommitInfo runcCommit,
    CommitInfo initCommit,
    @Nullable List<String> securityOptions,
    @OmitEmpty String productLicense,
    @OmitEmpty @Nullable List<AddressPool> defaultAddressPools,
    @OmitNull @Nullable FirewallInfo firewallBackend,
    @JsonProperty("CDISpecDirs") List<String> cdiSpecDirs) {}
