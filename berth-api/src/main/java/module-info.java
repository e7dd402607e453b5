/** Records of the JSON of the Engine API. */
module dev.berth.api {
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
}
