/** Dockerfiles: read, planned and carried out step by step. */
module dev.berth.build {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.image;
  requires transitive dev.berth.linux;
  requires dev.berth.archive;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires java.net.http;

  exports dev.berth.build;
}
