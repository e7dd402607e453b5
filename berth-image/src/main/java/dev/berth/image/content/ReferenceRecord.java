package dev.berth.image.content;

/**
 * What a name points to; stored under the name's normal form.
 *
 * @param image the image's id
 */
public record ReferenceRecord(String image) {}
