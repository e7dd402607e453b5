/**
 * What is kept: records of images, layers on disk, and the JSON of configurations and manifests.
 */
@NullMarked
package dev.berth.image.content;

import org.jspecify.annotations.NullMarked;
