package dev.berth.build;

import dev.berth.linux.Fd;

/**
 * One thing that COPY or ADD copies.
 *
 * @param root of the tree that it is in
 * @param path of it in there, its links followed; with a slash in front
 * @param name that it has in the destination
 * @param directory whether it is a folder
 * @param hash of its content, with its kind in front
 * @param unpacked whether an archive is unpacked
 */
record CopyItem(
    Fd root, String path, String name, boolean directory, String hash, boolean unpacked) {}
