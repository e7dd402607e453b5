package dev.berth.engine;

import dev.berth.build.BuildRequest;
import dev.berth.image.Reference;
import dev.berth.image.RegistryCredentials;
import java.util.function.Function;

/**
 * A build that a client asks for.
 *
 * @param id by which it can be cancelled; empty for none
 * @param request what is built
 * @param host what its containers may use
 * @param credentials who the client is at the registry of an image
 */
public record BuildOrder(
    String id,
    BuildRequest request,
    HostOptions host,
    Function<Reference, RegistryCredentials> credentials) {}
