package dev.berth.api;

import java.util.List;

/**
 * What a volume takes and does; -1 where that cannot be told.
 *
 * @param name of the volume
 * @param driver that holds it
 * @param size bytes of all files
 * @param inodes files and folders
 * @param users names of the containers that refer to it
 * @param readBytes from its own device
 * @param writtenBytes to its own device
 */
@EngineJson
public record VolumeStats(
    String name,
    String driver,
    long size,
    long inodes,
    List<String> users,
    long readBytes,
    long writtenBytes) {}
