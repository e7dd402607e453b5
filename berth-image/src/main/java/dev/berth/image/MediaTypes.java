package dev.berth.image;

/** The media types of Docker's and OCI's image formats. */
public final class MediaTypes {
  /** OCI image manifest. */
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /** OCI image index. */
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";

  /** OCI image configuration. */
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";

  /** OCI layer, not compressed. */
  public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";

  /** OCI layer, gzip. */
  public static final String OCI_LAYER_GZIP = OCI_LAYER + "+gzip";

  /** OCI layer, zstd. */
  public static final String OCI_LAYER_ZSTD = OCI_LAYER + "+zstd";

  /** Docker image manifest, version 2 schema 2. */
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";

  /** Docker manifest list. */
  public static final String DOCKER_INDEX =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  /** Docker image configuration. */
  public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";

  /** Docker layer, gzip. */
  public static final String DOCKER_LAYER_GZIP =
      "application/vnd.docker.image.rootfs.diff.tar.gzip";

  /** Docker layer, not compressed. */
  public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";

  /** Configuration of a plugin. */
  public static final String DOCKER_PLUGIN_CONFIG = "application/vnd.docker.plugin.v1+json";

  private MediaTypes() {}

  /** Whether it names a list of manifests, one for each platform. */
  public static boolean isIndex(String mediaType) {
    return mediaType.equals(OCI_INDEX) || mediaType.equals(DOCKER_INDEX);
  }

  /** Whether it names the manifest of one image. */
  public static boolean isManifest(String mediaType) {
    return mediaType.equals(OCI_MANIFEST) || mediaType.equals(DOCKER_MANIFEST);
  }
}
