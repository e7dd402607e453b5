package dev.berth.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * What of a container depends on the host. On the wire it is one flat object; here its fields are
 * grouped by the area they steer. A decoded request has every group, even from an empty object.
 */
@EngineJson
public record HostConfig(
    @JsonUnwrapped HostStorage storage,
    @JsonUnwrapped HostNetworking networking,
    @JsonUnwrapped HostPrivileges privileges,
    @JsonUnwrapped HostNamespaces namespaces,
    @JsonUnwrapped HostLife life,
    @JsonUnwrapped Resources resources) {}
