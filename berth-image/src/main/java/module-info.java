/** References, content, layers, storage drivers, archives and registries. */
module dev.berth.image {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.linux;
  requires transitive dev.berth.store;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
  requires com.github.luben.zstd_jni;
  requires org.apache.commons.compress;
  requires org.tukaani.xz;
  requires java.net.http;

  exports dev.berth.image;
  exports dev.berth.image.archive;
}
