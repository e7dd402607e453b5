/** The Engine API over unix and TCP sockets: routes, versions, streams, error mapping. */
module dev.berth.server {
  requires static transitive org.jspecify;
  requires transitive dev.berth.core;
  requires transitive dev.berth.linux;
  requires transitive dev.berth.engine;
  requires transitive dev.berth.api;
  requires transitive dev.berth.image;
  requires transitive dev.berth.runtime;
  requires transitive dev.berth.network;
  requires transitive dev.berth.volume;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.annotation;
}
