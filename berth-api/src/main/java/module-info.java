/** Records of the JSON of the Engine API. */
module dev.berth.api {
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.annotation;
  requires transitive com.fasterxml.jackson.databind;
  requires transitive com.fasterxml.jackson.core;

  exports dev.berth.api;
}
