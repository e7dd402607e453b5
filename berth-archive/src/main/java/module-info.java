/** Tar archives, compressions, and trees of files packed and unpacked. */
module dev.berth.archive {
  requires static transitive org.jspecify;
  requires transitive dev.berth.linux;
  requires com.github.luben.zstd_jni;
  requires org.apache.commons.compress;
  requires org.tukaani.xz;

  exports dev.berth.archive;
}
